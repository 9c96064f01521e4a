namespace Jobwatch.StreamService.Journal;

internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Warning, "A commit of {Appends} appends failed; it will be tried again.")]
    public static partial void CommitFailed(ILogger logger, int appends, Exception error);

    [LoggerMessage(1002, LogLevel.Warning, "PostgreSQL refused a group of {Appends} appends; each is committed alone.")]
    public static partial void GroupSplit(ILogger logger, int appends, Exception error);

    [LoggerMessage(1003, LogLevel.Information, "The schema is up to date.")]
    public static partial void SchemaReady(ILogger logger);

    [LoggerMessage(1004, LogLevel.Warning, "The schema could not be brought up to date; this is tried again every second.")]
    public static partial void SchemaFailed(ILogger logger, Exception error);

    [LoggerMessage(1005, LogLevel.Warning, "PostgreSQL can't be reached.")]
    public static partial void StoreLost(ILogger logger, Exception error);

    [LoggerMessage(1006, LogLevel.Information, "PostgreSQL is reachable.")]
    public static partial void StoreFound(ILogger logger);

    [LoggerMessage(1007, LogLevel.Information, "The job {JobId} of tenant {Tenant} was deleted on request, incarnation {Incarnation:x}.")]
    public static partial void JobDeleted(ILogger logger, string tenant, string jobId, long incarnation);
}
