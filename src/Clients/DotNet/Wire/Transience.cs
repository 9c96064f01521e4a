using Grpc.Core;

namespace Jobwatch.Client.Wire;

/// <summary>Which errors pass by themselves.</summary>
internal static class Transience
{
    internal static bool MayPass(RpcException error) => !StatusDetails.IsOfAnotherProtocol(error) && error.StatusCode switch
    {
        StatusCode.Unavailable => true,
        // The caller's own cancellation is told apart before: this one is a stream that the other side reset.
        StatusCode.Cancelled => true,
        StatusCode.ResourceExhausted => StatusDetails.Of(error).RetryDelay is not null,
        StatusCode.Internal or StatusCode.Unknown => StatusDetails.IsOfConnection(error),
        _ => false,
    };

    /// <summary>For calls of which one address of several may be wrong: it waits for the others, that of a node among them, as for a node that is away.</summary>
    internal static bool MayPass(RpcException error, StrangeNodes strange) =>
        MayPass(error) || (StatusDetails.IsOfAnotherProtocol(error) && !strange.AreAll);

    /// <summary>For calls that change nothing: whether another node may take one that this node didn't.</summary>
    internal static bool MayPassElsewhere(RpcException error) =>
        error.StatusCode == StatusCode.Unavailable || (error.StatusCode is StatusCode.Internal or StatusCode.Unknown && StatusDetails.IsOfConnection(error));

    /// <summary>For all calls: the node refused it before it looked at it, or was not reached at all.</summary>
    internal static bool WasNotTaken(RpcException error)
    {
        if (StatusDetails.IsOfAnotherProtocol(error))
            return true;
        for (var cause = error.Status.DebugException; cause is not null; cause = cause.InnerException)
        {
            if (cause is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } || Handshake.WasBroken(cause))
                return true;
        }

        return error.StatusCode == StatusCode.Unavailable && StatusDetails.Of(error).Reason == "DRAINING";
    }

    /// <summary>For calls that may be sent again whether or not the server has carried them out.</summary>
    internal static bool MayPassForIdempotent(RpcException error, StrangeNodes strange) =>
        error.StatusCode == StatusCode.DeadlineExceeded || MayPass(error, strange);

    /// <summary>
    /// The caller cancelled: said as such, not as a status. (The channel could do it, but would say it of any deadline and reset too.)
    /// What a call ends with that is cancelled while it connects, or while the other side resets it, is not always CANCELLED.
    /// </summary>
    internal static bool IsCallers(RpcException error, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested && (MayPass(error) || StatusDetails.IsOfAnotherProtocol(error));
}
