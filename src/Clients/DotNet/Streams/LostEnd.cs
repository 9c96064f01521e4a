using Jobwatch.V1;

namespace Jobwatch.Client.Streams;

/// <summary>
/// The end of an execution that was lost with a connection, made from the last event, which says all of it. The node says it to no session
/// that goes on after that event, since both have the same cursor.
/// </summary>
internal static class LostEnd
{
    internal static WatchJobResponse Of(WatchJobResponse last) => new() { Cursor = last.Cursor, ExecutionEnded = Of(last.Event) };

    internal static ReplayExecutionResponse Of(ReplayExecutionResponse last) => new() { Cursor = last.Cursor, ExecutionEnded = Of(last.Event) };

    internal static WatchJobsResponse Of(WatchJobsResponse last)
    {
        var ended = Of(last.Event);
        ended.JobId = last.JobId;
        return new WatchJobsResponse { Cursor = last.Cursor, JobId = last.JobId, ExecutionEnded = ended };
    }

    private static ExecutionEnded Of(ExecutionEvent last) =>
        new() { ExecutionId = last.ExecutionId, Status = last.Status, Position = last.Position };
}
