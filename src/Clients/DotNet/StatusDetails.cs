using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;

namespace Jobwatch.Client;

/// <summary>What an error says beyond its code and message: the details of its google.rpc.Status, where it has one.</summary>
public sealed class StatusDetails
{
    private static readonly StatusDetails None = new();

    private StatusDetails()
    {
    }

    /// <summary>The ErrorInfo's reason, e.g. <c>JOB_NOT_FOUND</c>; null if the error has none.</summary>
    public string? Reason { get; private init; }

    /// <summary>The ErrorInfo's metadata, e.g. <c>oldest_cursor</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; private init; } = new Dictionary<string, string>();

    /// <summary>The fields at fault.</summary>
    public IReadOnlyList<BadRequest.Types.FieldViolation> FieldViolations { get; private init; } = [];

    /// <summary>How long the server asks to wait before another try; null if it doesn't say.</summary>
    public TimeSpan? RetryDelay { get; private init; }

    /// <summary>Reads the details of an error. Details that can't be read count as absent.</summary>
    public static StatusDetails Of(RpcException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        try
        {
            return error.GetRpcStatus() is { } status ? Of(status) : None;
        }
        catch (Exception unreadable) when (unreadable is InvalidProtocolBufferException or FormatException)
        {
            return None;
        }
    }

    /// <summary>
    /// Whether the client says the error itself, of a connection that broke or was not made, whatever status it gives it. A server's own
    /// INTERNAL has no exception behind it; what came whole and can't be decoded, as it can't be another time, is no fault of the connection.
    /// </summary>
    public static bool IsOfConnection(RpcException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        for (var cause = error.Status.DebugException; cause is not null; cause = cause.InnerException)
        {
            // An IOException too.
            if (cause is InvalidProtocolBufferException)
                return false;
            if (cause is IOException or HttpRequestException or System.Net.Sockets.SocketException)
                return true;
        }

        return false;
    }

    /// <summary>
    /// Whether what answers at the address speaks no HTTP/2, and so no gRPC: the address is mostly that of an HTTP/1.1 port. It is so
    /// until somebody changes it: where nothing else is at any of the addresses, nothing retries after it.
    /// </summary>
    public static bool IsOfAnotherProtocol(RpcException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        for (var cause = error.Status.DebugException; cause is not null; cause = cause.InnerException)
        {
            if (cause is HttpRequestException { HttpRequestError: HttpRequestError.VersionNegotiationError })
                return true;
        }

        return false;
    }

    /// <summary>Reads the details of a status, such as RecordEvents answers for one batch.</summary>
    public static StatusDetails Of(Google.Rpc.Status status)
    {
        ArgumentNullException.ThrowIfNull(status);
        var info = status.GetDetail<ErrorInfo>();
        return new StatusDetails
        {
            Reason = string.IsNullOrEmpty(info?.Reason) ? null : info.Reason,
            Metadata = info?.Metadata.ToDictionary() ?? [],
            FieldViolations = status.GetDetail<BadRequest>()?.FieldViolations.ToArray() ?? [],
            RetryDelay = status.GetDetail<RetryInfo>()?.RetryDelay?.ToTimeSpan(),
        };
    }
}
