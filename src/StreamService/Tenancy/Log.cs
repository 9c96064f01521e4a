namespace Jobwatch.StreamService.Tenancy;

internal static partial class Log
{
    [LoggerMessage(EventId = 6001, Level = LogLevel.Information, Message = "Read {Count} tokens from {File}.")]
    public static partial void TokensRead(ILogger logger, int count, string file);

    [LoggerMessage(EventId = 6002, Level = LogLevel.Error, Message = "The tokens stay as they were: {File} can't be used: {Cause}")]
    public static partial void TokensRefused(ILogger logger, string file, string cause);
}
