namespace Jobwatch.Client.Wire;

/// <summary>What errors of .NET's say of the beginning of a connection.</summary>
internal static class Handshake
{
    // Error codes of HTTP/2.
    private const long ProtocolError = 0x1;
    private const long Http11Required = 0xd;

    /// <summary>Whether the other side closed the connection before a request could be put on it: nothing was sent.</summary>
    internal static bool WasBroken(Exception error) =>
        SaidNothing(error) || (error is IOException && error.Message.Contains("HTTP/2 handshake", StringComparison.Ordinal));

    /// <summary>Whether it was closed so that .NET says nothing of it: another try may tell why.</summary>
    internal static bool SaidNothing(Exception error) =>
        error is HttpRequestException { HttpRequestError: HttpRequestError.Unknown, StatusCode: null, InnerException: null };

    /// <summary>Whether what is there speaks no HTTP/2.</summary>
    /// <param name="error">What a request ended with.</param>
    /// <param name="hasAnswered">Whether a node has answered there: text where a frame is due is the breach of a good connection then.</param>
    internal static bool FoundAnotherProtocol(Exception error, bool hasAnswered)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is HttpProtocolException { ErrorCode: Http11Required } or HttpRequestException { HttpRequestError: HttpRequestError.VersionNegotiationError })
                return true;
            // Text where HTTP/2 begins with a frame. A node that refuses a connection for the same reason says that it closed it.
            if (!hasAnswered && cause is HttpProtocolException { ErrorCode: ProtocolError } && cause.Message.Contains("invalid data", StringComparison.Ordinal))
                return true;
        }

        return false;
    }
}
