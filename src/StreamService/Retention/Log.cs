namespace Jobwatch.StreamService.Retention;

internal static partial class Log
{
    [LoggerMessage(EventId = 9001, Level = LogLevel.Information, Message = "The events {First} to {Last} of the job {JobId} of tenant {Tenant} are truncated.")]
    public static partial void Truncated(ILogger logger, string tenant, string jobId, long first, long last);

    [LoggerMessage(EventId = 9002, Level = LogLevel.Information, Message = "The deleted job {JobId} of tenant {Tenant}, incarnation {Incarnation:x}, is cleared away.")]
    public static partial void Purged(ILogger logger, string tenant, string jobId, long incarnation);

    [LoggerMessage(EventId = 9003, Level = LogLevel.Warning, Message = "Retention can't reach the store and goes on at its next interval: {Cause}")]
    public static partial void StoreAway(ILogger logger, string cause);

    [LoggerMessage(EventId = 9004, Level = LogLevel.Error, Message = "Retention failed and goes on at its next interval.")]
    public static partial void PassFailed(ILogger logger, Exception error);
}
