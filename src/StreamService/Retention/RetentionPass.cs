using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Retention;

/// <summary>
/// Goes once over all jobs and trims their history as the rules say, and clears away deleted jobs. What it finds it does in pieces, and after
/// each it rests for as long as the piece took, so that appends have PostgreSQL for themselves at least half of the time.
/// </summary>
internal sealed class RetentionPass(
    TrimSession session, RetentionOptions options, TimeProvider time, Metrics metrics, ILogger logger)
{
    private const int PageSize = 1_000;

    private static readonly TimeSpan LeastRest = TimeSpan.FromMilliseconds(10);

    public async Task RunAsync(CancellationToken cancellation)
    {
        await PurgeAsync(cancellation);
        var after = new JobKey("", "");
        while (options.Rules.Count > 0)
        {
            var jobs = await session.ReadJobsAsync(after, PageSize, cancellation);
            await TrimAsync(jobs, cancellation);
            if (jobs.Count < PageSize)
            {
                return;
            }

            after = jobs[^1].Head.Log.Job;
        }
    }

    private async Task TrimAsync(List<TrimCandidate> jobs, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var rules = jobs.Select(job => options.Rules.FirstOrDefault(rule => rule.Matches(job.Head.Log.Job))).ToArray();
        var floors = await FloorsAsync(jobs, rules, now, cancellation);
        // All floors before the first deletion: a reader that begins now begins where the history will begin.
        for (var i = 0; i < floors.Length; i++)
        {
            var (log, floor, _) = jobs[i].Head;
            if (floors[i] > floor)
            {
                await session.RaiseFloorAsync(log, floors[i], cancellation);
                Log.Truncated(logger, log.Job.Tenant, log.Job.JobId, floor + 1, floors[i]);
            }

            metrics.Found(floors[i] - (jobs[i].FirstLeft - 1 ?? floor));
        }

        for (var i = 0; i < floors.Length; i++)
        {
            var log = jobs[i].Head.Log;
            await DeleteAsync(log, jobs[i].FirstLeft ?? jobs[i].Head.Floor + 1, floors[i], cancellation);
            if (rules[i]?.ExecutionMaxAge is { } age && floors[i] > 0)
            {
                await ForgetAsync(log, floors[i], now - age, cancellation);
            }
        }
    }

    // Where each log is to be truncated: where it is, or further up.
    private async Task<long[]> FloorsAsync(
        List<TrimCandidate> jobs, RetentionRule?[] rules, DateTimeOffset now, CancellationToken cancellation)
    {
        var floors = jobs.Select(job => job.Head.Floor).ToArray();
        var searches = new List<TrimSearch>();
        var jobsOfSearches = new List<int>();
        var youngest = now - options.MinAge;
        for (var i = 0; i < floors.Length; i++)
        {
            if (rules[i]?.MaxEvents is { } count)
            {
                Search(i, jobs[i].Head.Head - count, youngest);
            }

            if (rules[i]?.MaxAge is { } age)
            {
                Search(i, jobs[i].Head.Head, age > options.MinAge ? now - age : youngest);
            }
        }

        var found = await session.FindLastBeforeAsync(searches, cancellation);
        for (var i = 0; i < found.Count; i++)
        {
            floors[jobsOfSearches[i]] = Math.Max(floors[jobsOfSearches[i]], found[i]);
        }

        return floors;

        void Search(int job, long last, DateTimeOffset before)
        {
            if (last > floors[job] && jobs[job].CreatedAt < before)
            {
                searches.Add(new TrimSearch(jobs[job].Head.Log, floors[job] + 1, last, before));
                jobsOfSearches.Add(job);
            }
        }
    }

    private async Task DeleteAsync(JobLog log, long first, long floor, CancellationToken cancellation)
    {
        while (first <= floor)
        {
            var began = time.GetTimestamp();
            var (events, last) = await session.DeleteEventsAsync(log, first, floor, cancellation);
            metrics.Deleted(events, last - first + 1);
            first = last + 1;
            await RestAsync(began, cancellation);
        }
    }

    private async Task ForgetAsync(JobLog log, long floor, DateTimeOffset endedBefore, CancellationToken cancellation)
    {
        while (true)
        {
            var began = time.GetTimestamp();
            var executions = await session.ForgetExecutionsAsync(log, floor, endedBefore, cancellation);
            metrics.Forgot(executions);
            if (executions < TrimSession.PieceSize)
            {
                return;
            }

            await RestAsync(began, cancellation);
        }
    }

    private async Task PurgeAsync(CancellationToken cancellation)
    {
        while (await session.ReadDeletedAsync(PageSize, cancellation) is { Count: > 0 } deleted)
        {
            foreach (var log in deleted)
            {
                await PurgeAsync(log, cancellation);
            }
        }
    }

    private async Task PurgeAsync(JobLog log, CancellationToken cancellation)
    {
        var (events, last, began) = (0, 0L, 0L);
        do
        {
            began = time.GetTimestamp();
            (events, last) = await session.PurgeEventsAsync(log, last, cancellation);
            metrics.Purged(events);
            await RestAsync(began, cancellation);
        }
        while (events == TrimSession.PieceSize);

        do
        {
            began = time.GetTimestamp();
            events = await session.PurgeExecutionsAsync(log, cancellation);
            await RestAsync(began, cancellation);
        }
        while (events == TrimSession.PieceSize);

        await session.EndPurgeAsync(log, cancellation);
        Log.Purged(logger, log.Job.Tenant, log.Job.JobId, log.Incarnation);
    }

    private Task RestAsync(long since, CancellationToken cancellation)
    {
        var taken = time.GetElapsedTime(since);
        return Task.Delay(taken > LeastRest ? taken : LeastRest, time, cancellation);
    }
}
