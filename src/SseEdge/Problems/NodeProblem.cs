using Grpc.Core;
using Jobwatch.Client;

namespace Jobwatch.SseEdge.Problems;

/// <summary>What a refusal of the node is over HTTP.</summary>
internal static class NodeProblem
{
    private static readonly TimeSpan DefaultRetry = TimeSpan.FromSeconds(1);

    /// <summary>Of a refusal to which the node names no time, since the same call is refused again: HTTP wants one all the same.</summary>
    private static readonly TimeSpan LongRetry = TimeSpan.FromMinutes(1);

    /// <summary>The problem that the error of a call to the node is for the caller of the edge.</summary>
    public static Problem Of(RpcException error)
    {
        var details = StatusDetails.Of(error);
        var code = WentAway(error) ? StatusCode.Unavailable : error.StatusCode;
        var status = HttpStatus(code, details.Reason);
        return new Problem(status, details.Reason ?? CodeWithoutReason(code), DetailOf(error, status, details))
        {
            Errors = [.. details.FieldViolations.Select(violation => new FieldError(violation.Field, violation.Description))],
            Metadata = details.Metadata,
            RetryAfter = RetryAfter(status, details.RetryDelay),
        };
    }

    /// <summary>The same error, or that no node can be reached: where none is connected, the time was not over for want of an answer.</summary>
    public static RpcException WithoutAnswer(RpcException error, JobwatchClient node) =>
        error.StatusCode == StatusCode.DeadlineExceeded && !node.IsConnected
            ? new RpcException(new Status(StatusCode.Unavailable, error.Status.Detail, error))
            : error;

    /// <summary>The HTTP status of a gRPC status and its reason.</summary>
    public static int HttpStatus(StatusCode code, string? reason) => code switch
    {
        // The one limit that says something of the request itself: sent again it fails again.
        StatusCode.ResourceExhausted when reason == "REQUEST_TOO_LARGE" => StatusCodes.Status413PayloadTooLarge,
        StatusCode.InvalidArgument => StatusCodes.Status400BadRequest,
        StatusCode.Unauthenticated => StatusCodes.Status401Unauthorized,
        StatusCode.PermissionDenied => StatusCodes.Status403Forbidden,
        StatusCode.NotFound => StatusCodes.Status404NotFound,
        StatusCode.FailedPrecondition or StatusCode.Aborted or StatusCode.AlreadyExists => StatusCodes.Status409Conflict,
        StatusCode.OutOfRange => StatusCodes.Status410Gone,
        StatusCode.ResourceExhausted => StatusCodes.Status429TooManyRequests,
        // Cancelled can only come from the node here: the caller's own leaves nobody to answer.
        StatusCode.Unavailable or StatusCode.Cancelled => StatusCodes.Status503ServiceUnavailable,
        StatusCode.DeadlineExceeded => StatusCodes.Status504GatewayTimeout,
        StatusCode.Unimplemented => StatusCodes.Status501NotImplemented,
        _ => StatusCodes.Status500InternalServerError,
    };

    // A node that closes its connections, as one that stops does, may meet a call that was just being sent on one of them.
    private static bool WentAway(RpcException error) =>
        error.StatusCode is StatusCode.Internal or StatusCode.Unknown && StatusDetails.IsOfConnection(error);

    private static TimeSpan? RetryAfter(int status, TimeSpan? retryDelay) =>
        status switch
        {
            StatusCodes.Status429TooManyRequests => retryDelay ?? LongRetry,
            StatusCodes.Status503ServiceUnavailable => retryDelay ?? DefaultRetry,
            _ => null,
        };

    // A status without ErrorInfo isn't the node's own word: it comes from the connection to it, or from a fault in it.
    private static string CodeWithoutReason(StatusCode code) => code switch
    {
        StatusCode.Unavailable or StatusCode.Cancelled => "NODE_UNAVAILABLE",
        StatusCode.DeadlineExceeded => "DEADLINE_EXCEEDED",
        StatusCode.ResourceExhausted => "RESOURCE_EXHAUSTED",
        StatusCode.InvalidArgument => "INVALID_ARGUMENT",
        StatusCode.Unauthenticated => "UNAUTHENTICATED",
        StatusCode.PermissionDenied => "PERMISSION_DENIED",
        StatusCode.NotFound => "NOT_FOUND",
        StatusCode.Unimplemented => "NOT_IMPLEMENTED",
        _ => "INTERNAL",
    };

    // What the connection or a fault says names addresses and types, which are not the caller's to know.
    private static string DetailOf(RpcException error, int status, StatusDetails details) => status switch
    {
        StatusCodes.Status500InternalServerError => Problem.Internal.Detail,
        StatusCodes.Status503ServiceUnavailable when details.Reason is null => "The node can't be reached. Try again a little later.",
        StatusCodes.Status504GatewayTimeout when details.Reason is null => "The node did not answer in time.",
        StatusCodes.Status501NotImplemented when details.Reason is null => "This server doesn't have this method yet: a newer one may.",
        _ => error.Status.Detail,
    };
}
