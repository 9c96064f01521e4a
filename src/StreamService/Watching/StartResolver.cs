using Grpc.Core;
using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Errors;
using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Watching;

/// <summary>Finds a start point in a log that is there.</summary>
internal sealed class StartResolver(CatalogReader catalog)
{
    /// <param name="order">What is watched.</param>
    /// <param name="head">Where the log stands, read after the call came in.</param>
    /// <param name="cancellation">The caller's leaving.</param>
    /// <returns>Null if the log was deleted meanwhile.</returns>
    public async Task<StartPosition?> ResolveAsync(WatchOrder order, JobHead head, CancellationToken cancellation)
    {
        switch (order.Start)
        {
            case StartPoint.Latest:
                var snapshot = await catalog.SnapshotAsync(order.Job, Snapshots.ReadLimit(order.Filter), cancellation);
                return snapshot?.Head.Log == head.Log ? new StartPosition(snapshot.Head.Head, snapshot) : null;
            case StartPoint.Beginning:
                return new StartPosition(head.Floor);
            case StartPoint.FromPosition(var position):
                return position <= head.Head + 1
                    ? new StartPosition(position - 1)
                    : throw BeyondHead(position, head.Head);
            case StartPoint.FromExecution(var executionId):
                return await FindFirstAsync(order, head, executionId, cancellation);
            case StartPoint.AfterCursor(var cursor, var field):
                var after = CursorRules.PositionIn(head, cursor, field);
                // What is before the execution is not the replay's; no need to read it.
                return order.Replayed is null
                    ? new StartPosition(after)
                    : new StartPosition(Math.Max(after, (await FindFirstAsync(order, head, order.Replayed, cancellation)).After));
            default:
                throw new InvalidOperationException($"{order.Start} is no start.");
        }
    }

    /// <summary>Checks the start of a watch whose job isn't there: only what stands before a first event can begin it.</summary>
    public static void CheckMissing(WatchOrder order)
    {
        if (order.Start is StartPoint.AfterCursor(var cursor, var field) && cursor.Incarnation != 0)
        {
            throw CursorRules.OfDeletedJob(field);
        }

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
