using Jobwatch.Shared;
using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Filters;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Live;

namespace Jobwatch.StreamService.Watching;

/// <summary>
/// Opens watches. A watch first hears of the log's commits and then looks at the store, in this order: so every event
/// is either in what it reads or told to it.
/// </summary>
internal sealed class WatchOpener(
    SharedLooks looks, CatalogReader catalog, LiveJobs live, StartResolver starts, OpeningTurns turns, StoreReads reads, Farewell farewell)
{
    /// <summary>Opens a watch when it is its turn. A shutdown ends the waiting: nothing can be said on a stream that has not begun.</summary>
    public async Task<OpenedWatch> OpenAsync(WatchOrder order, Wakeup wakeup, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, farewell.Begins);
        try
        {
            return await turns.LookAsync(order.Job.Tenant, () => OpenNowAsync(order, wakeup, either.Token), either.Token);
        }
        catch (OperationCanceledException) when (farewell.HasBegun && !cancellation.IsCancellationRequested)
        {
            throw farewell.Refusal();
        }
    }

    /// <summary>Follows the job's log as it stands now; null if there is no such job. A watch under way doesn't queue behind those that begin.</summary>
    public Task<FollowedLog?> FollowAsync(JobKey job, Bell bell, CancellationToken cancellation) =>
        reads.InTurnAsync(() => FollowNowAsync(job, bell, cancellation), cancellation);

    /// <summary>When a watch ends that has passed everything up to a position.</summary>
    public Task<EndCondition> EndAsync(WatchOrder order, JobLog log, long position, CancellationToken cancellation) =>
        EndCondition.AtAsync(order, log, position, wasPassed: false, catalog, cancellation);

    /// <summary>Whether an execution has not begun at a position yet.</summary>
    public async Task<bool> IsYetToBeginAsync(JobLog log, string executionId, long position, CancellationToken cancellation) =>
        await catalog.FindExecutionAsync(log, executionId, cancellation) is not { } found || found.Execution.FirstPosition > position;

    /// <summary>Decides on the labels of a log's events.</summary>
    public LabelSelection Labels(WatchOrder order, JobLog log) => new(order.Filter, catalog, log);

    /// <summary>Decides on the labels of one of many logs.</summary>
    public LabelSelection Labels(JobsOrder order, JobLog log) => new(order.Filter, catalog, log, LabelSelection.FewExecutions);

    private async Task<OpenedWatch> OpenNowAsync(WatchOrder order, Wakeup wakeup, CancellationToken cancellation)
    {
        while (await FollowNowAsync(order.Job, wakeup, cancellation) is var (follower, head))
        {
            OpenedWatch? opened = null;
            try
            {
                // No start: the job was deleted since, and perhaps made again.
                if (await starts.ResolveAsync(order, head, cancellation) is { } start)
                {
                    return opened = await BeginAsync(order, follower, head, start, cancellation);
                }
            }
            finally
            {
                if (opened is null)
                {
                    follower.Dispose();
                }
            }
        }

        StartResolver.CheckMissing(order);
        var awaited = (order.Start as StartPoint.FromExecution)?.ExecutionId;
        return new OpenedWatch(null, Cursor.BeforeFirst(order.Job) with { Awaits = awaited is not null }, EndCondition.Before(order))
        {
            AwaitedExecution = awaited,
        };
    }

    private async Task<FollowedLog?> FollowNowAsync(JobKey job, Bell bell, CancellationToken cancellation)
    {
        while (await looks.FindJobAsync(job, cancellation) is { } head)
        {
            var follower = live.Follow(head.Log, bell);
            var isFollowed = false;
            try
            {
                // The first watcher of a log has to look again: a commit between its look and its subscription was told to nobody.
                var sure = follower.HeadIsSure ? head : await looks.FindJobAsync(job, cancellation);
                if (sure?.Log == head.Log)
                {
                    Truncation.RequireWhole(follower);
                    follower.RaiseHead(sure.Head);
                    isFollowed = true;
                    return new FollowedLog(follower, sure);
                }
            }
            finally
            {
                if (!isFollowed)
                {
                    follower.Dispose();
                }
            }
        }

        return null;
    }

    private async Task<OpenedWatch> BeginAsync(
        WatchOrder order, LogFollower follower, JobHead head, StartPosition start, CancellationToken cancellation)
    {
        var cursor = follower.Cursors.After(start.After) with { Awaits = start.AwaitedExecution is not null };
        if (start.After < head.Floor && !order.GoOnWhereTruncated)
        {
            throw Truncation.Error(order, follower.Log, start.After, head.Floor);
        }

        if (start.Snapshot is { } snapshot)
        {
            follower.RaiseHead(snapshot.Head.Head);
        }

        follower.MoveTo(start.After + 1);
        // What stands before the oldest event was passed by nobody, or fell into a gap.
        var wasPassed = start.After > head.Floor && order.HasPassed(start.After);
        var until = await EndCondition.AtAsync(order, follower.Log, start.After, wasPassed, catalog, cancellation);
        if (start.After >= head.Floor)
        {
            until.Forget(start.ForgottenExecution);
        }

        return new OpenedWatch(follower, cursor, until)
        {
            AwaitedExecution = start.AwaitedExecution,
            ForgottenExecution = start.ForgottenExecution,
            Snapshot = start.Snapshot is null ? null : Snapshots.Of(start.Snapshot, cursor),
            NothingLeft = until.WasMet || (until.IsNothingOpen && (start.Snapshot is not null || !follower.IsBehind)),
        };
    }
}
