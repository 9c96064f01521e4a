namespace Jobwatch.StreamService.Errors;

internal static partial class Log
{
    [LoggerMessage(EventId = 7001, Level = LogLevel.Error, Message = "{Method} failed unexpectedly.")]
    public static partial void Unexpected(ILogger logger, string method, Exception error);

    [LoggerMessage(EventId = 7002, Level = LogLevel.Warning, Message = "{Method} could not reach the store: {Cause}")]
    public static partial void StoreUnavailable(ILogger logger, string method, string cause);
}
