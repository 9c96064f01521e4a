namespace Jobwatch.StreamService.Watching;

internal static partial class Log
{
    [LoggerMessage(EventId = 5001, Level = LogLevel.Warning, Message = "A watch of {Job} waits for the store: {Cause}")]
    public static partial void WaitsForStore(ILogger logger, string job, string cause);

    [LoggerMessage(EventId = 5002, Level = LogLevel.Information, Message = "A watch of {Job} at {Position} met history that is truncated up to {Floor}.")]
    public static partial void MetTruncatedHistory(ILogger logger, string job, long position, long floor);

    [LoggerMessage(EventId = 5003, Level = LogLevel.Information, Message = "A watch of {Job} ends: the job was deleted.")]
    public static partial void JobDeleted(ILogger logger, string job);

    [LoggerMessage(EventId = 5004, Level = LogLevel.Information, Message = "The reader of a watch of {Job} took nothing for {StallTimeout}: its stream is reset.")]
    public static partial void Stalled(ILogger logger, string job, TimeSpan stallTimeout);
}
