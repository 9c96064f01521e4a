using Grpc.Core;
using Jobwatch.StreamService.Errors;
using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Watching;

/// <summary>Finds a start point in a log that is there.</summary>
internal sealed class StartResolver(CatalogReader catalog, SharedLooks looks)
{
    /// <param name="order">What is watched.</param>
    /// <param name="head">Where the log stands, read after the call came in.</param>
    /// <param name="cancellation">The caller's leaving.</param>
    /// <returns>Null if the log was deleted meanwhile.</returns>
    public async Task<StartPosition?> ResolveAsync(WatchOrder order, JobHead head, CancellationToken cancellation)
    {
        if (order.Resume is not { } resume)
        {
            return await FirstSessionAsync(order, head, cancellation);
        }

        var after = resume.PositionIn(head);
        return order.Start is StartPoint.FromExecution(var executionId)
            ? await ResumeExecutionAsync(head, executionId, after, resume.Cursor.Awaits, cancellation)
            : new StartPosition(after);
    }

    private async Task<StartPosition> ResumeExecutionAsync(
        JobHead head, string executionId, long after, bool wasAwaited, CancellationToken cancellation)
    {
        // What is before the execution is not the watch's; no need to read it.
        if (await catalog.FindExecutionAsync(head.Log, executionId, cancellation) is { } found)
        {
            return new StartPosition(Math.Max(after, found.Execution.FirstPosition - 1));
        }

        // Retention forgets an execution once all of it is truncated. If nothing is truncated that the watch has not passed, one that was
        // awaited has not begun; else it may have, and that history is missing has to be said.
        return wasAwaited
            ? after >= head.Floor ? new StartPosition(head.Head, AwaitedExecution: executionId) : new StartPosition(after)
            : new StartPosition(after, ForgottenExecution: executionId);
    }

    private async Task<StartPosition?> FirstSessionAsync(WatchOrder order, JobHead head, CancellationToken cancellation)
    {
        switch (order.Start)
        {
            case StartPoint.Latest:
                var snapshot = await looks.SnapshotAsync(order.Job, order.Filter, cancellation);
                return snapshot?.Head.Log == head.Log ? new StartPosition(snapshot.Head.Head, snapshot) : null;
            case StartPoint.Beginning:
                return new StartPosition(head.Floor);
            case StartPoint.FromPosition(var position):
                return position <= head.Head + 1
                    ? new StartPosition(position - 1)
                    : throw BeyondHead(position, head.Head);
            case StartPoint.FromExecution(var executionId):
                return await FindFirstAsync(order, head, executionId, cancellation);
            case StartPoint.AfterCursor(var cursor):
                return new StartPosition(cursor.PositionIn(head));
            default:
                throw new InvalidOperationException($"{order.Start} is no start.");
        }
    }

    /// <summary>Checks the start of a watch whose job isn't there: only what stands before a first event can begin it.</summary>
    public static void CheckMissing(WatchOrder order)
    {
        order.Resume?.RequireNoJob();
        (order.Start as StartPoint.AfterCursor)?.Cursor.RequireNoJob();

        if (!order.AllowMissing)
        {
            throw RpcErrors.NotFound(
                Reasons.JobNotFound, $"There is no job '{order.Job.JobId}'. Its first append makes it; a watch with allow_missing waits for that.");
        }

        if (order.Start is StartPoint.FromPosition(> 1 and var position))
        {
            throw BeyondHead(position, 0);
        }
    }

    private async Task<StartPosition> FindFirstAsync(
        WatchOrder order, JobHead head, string executionId, CancellationToken cancellation)
    {
        // Looked for after the head was read: if it isn't there now, none of its events is at or before that head.
        if (await catalog.FindExecutionAsync(head.Log, executionId, cancellation) is { } found)
        {
            return new StartPosition(found.Execution.FirstPosition - 1);
        }

        return order.AllowMissing
            ? new StartPosition(head.Head, AwaitedExecution: executionId)
            : throw RpcErrors.NotFound(
                Reasons.ExecutionNotFound, $"The job '{order.Job.JobId}' has no execution '{executionId}'.");
    }

    private static RpcException BeyondHead(long position, long head) =>
        RpcErrors.InvalidField(
            Reasons.InvalidField, "start.from_position",
            $"it is {position}, but the job's last event has position {head}; it can be 1 to {head + 1}.");
}
