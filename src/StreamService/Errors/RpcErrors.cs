using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Jobwatch.Shared;

namespace Jobwatch.StreamService.Errors;

/// <summary>
/// Makes every error that leaves the node: a google.rpc.Status with an ErrorInfo, a BadRequest where fields are at
/// fault, a RetryInfo where trying again helps. Messages are for people and name the value and the remedy.
/// </summary>
internal static class RpcErrors
{
    /// <summary>The domain of all reasons.</summary>
    public const string Domain = "jobwatch";

    /// <summary>INVALID_ARGUMENT for one field.</summary>
    public static RpcException InvalidField(string reason, string field, string description) =>
        InvalidFields([new FieldViolation(reason, field, description)]);

    /// <summary>
    /// INVALID_ARGUMENT for at least one violation. The reason is the one that all share, else
    /// <see cref="Reasons.InvalidField"/>; each violation keeps its own.
    /// </summary>
    /// <param name="violations">What is wrong.</param>
    /// <param name="areAll">False where more may be wrong.</param>
    public static RpcException InvalidFields(IReadOnlyList<FieldViolation> violations, bool areAll = true)
    {
        var first = violations[0];
        var shared = violations.All(violation => violation.Reason == first.Reason);
        var message = $"{first.Field}: {first.Description}";
        if (violations.Count > 1 || !areAll)
        {
            var count = areAll ? $"{violations.Count}" : $"{violations.Count} or more";
            message = $"{count} fields are wrong; the first is {message}";
        }

        var badRequest = new BadRequest();
        badRequest.FieldViolations.AddRange(violations.Select(violation => new BadRequest.Types.FieldViolation
        {
            Field = violation.Field,
            Description = violation.Description,
            Reason = violation.Reason,
        }));
        return Make(Code.InvalidArgument, shared ? first.Reason : Reasons.InvalidField, message, null, badRequest);
    }

    /// <summary>INVALID_ARGUMENT for what can't be read as a message, and so has no field to name.</summary>
    public static RpcException UndecodableRequest() => Make(
        Code.InvalidArgument, Reasons.UndecodableRequest,
        "The request can't be decoded: it is cut off, is not the one message that is due, or holds messages within each other more than 100 deep. "
        + $"Send what the protos describe; a free structure has at most {FreeStructures.MaxLevels} levels of objects and lists.");

    /// <summary>NOT_FOUND, the same for what is not there and what is another tenant's.</summary>
    public static RpcException NotFound(string reason, string message) => Make(Code.NotFound, reason, message);

    public static RpcException FailedPrecondition(
        string reason, string message, IReadOnlyDictionary<string, string>? metadata = null) =>
        Make(Code.FailedPrecondition, reason, message, metadata);

    public static RpcException Aborted(
        string reason, string message, IReadOnlyDictionary<string, string>? metadata = null) =>
        Make(Code.Aborted, reason, message, metadata);

    /// <summary>OUT_OF_RANGE for history that was truncated.</summary>
    /// <param name="message">The message.</param>
    /// <param name="oldestCursor">Stands before the oldest event that is still there; null if it is too long for a trailer.</param>
    /// <param name="jobId">Which job's, where the call is of many.</param>
    public static RpcException OutOfRange(string message, string? oldestCursor, string? jobId = null)
    {
        var metadata = new Dictionary<string, string>();
        if (oldestCursor is not null)
        {
            metadata["oldest_cursor"] = oldestCursor;
        }

        if (jobId is not null)
        {
            metadata["job_id"] = jobId;
        }

        return Make(Code.OutOfRange, Reasons.HistoryTruncated, message, metadata);
    }

    public static RpcException Unavailable(string reason, string message, TimeSpan retryAfter) =>
        Make(Code.Unavailable, reason, message, null, Retry(retryAfter));

    /// <summary>RESOURCE_EXHAUSTED; without a delay where the same call can never succeed.</summary>
    public static RpcException ResourceExhausted(string reason, string message, TimeSpan? retryAfter) =>
        retryAfter is { } delay
            ? Make(Code.ResourceExhausted, reason, message, null, Retry(delay))
            : Make(Code.ResourceExhausted, reason, message);

    /// <summary>RESOURCE_EXHAUSTED for a request that is over what one may hold.</summary>
    public static RpcException RequestTooLarge() => ResourceExhausted(
        Reasons.RequestTooLarge, "The request is over 4 MB: send its events in several batches.", retryAfter: null);

    public static RpcException Unauthenticated(string reason, string message) =>
        Make(Code.Unauthenticated, reason, message);

    public static RpcException Unimplemented(string message) => Unimplemented(Reasons.NotImplemented, message);

    public static RpcException Unimplemented(string reason, string message) => Make(Code.Unimplemented, reason, message);

    /// <summary>INTERNAL. Says nothing of what went wrong: that is for the log.</summary>
    public static RpcException Internal() =>
        Make(Code.Internal, Reasons.Internal, "The server failed to answer this call. Its log has the cause.");

    /// <summary>CANCELLED, for a caller that is gone.</summary>
    public static RpcException Cancelled() => Make(Code.Cancelled, Reasons.Cancelled, "The call was cancelled.");

    private static RetryInfo Retry(TimeSpan delay) => new() { RetryDelay = Duration.FromTimeSpan(delay) };

    private static RpcException Make(
        Code code, string reason, string message,
        IReadOnlyDictionary<string, string>? metadata = null, IMessage? detail = null)
    {
        var info = new ErrorInfo { Domain = Domain, Reason = reason };
        foreach (var (key, value) in metadata ?? new Dictionary<string, string>())
        {
            info.Metadata.Add(key, value);
        }

        var status = new Google.Rpc.Status { Code = (int)code, Message = message, Details = { Any.Pack(info) } };
        if (detail is not null)
        {
            status.Details.Add(Any.Pack(detail));
        }

        return status.ToRpcException();
    }
}
