using Grpc.Core;
using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Errors;
using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Watching;

/// <summary>What a watcher is told of history that is there no more.</summary>
internal static class Truncation
{
    /// <summary>A gap's reason.</summary>
    public const string Reason = "truncated";

    public static RpcException Error(JobLog log, long after, long floor) =>
        RpcErrors.OutOfRange(
            $"The events {after + 1} to {floor} of the job '{log.Job.JobId}' are truncated. Go on after oldest_cursor, start from the beginning, or ask with on_truncated 'continue'.",
            Cursor.After(log, floor).ToString());
}
