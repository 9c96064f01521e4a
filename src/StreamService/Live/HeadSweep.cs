using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Live;

/// <summary>
/// The safety net under the commit feed: asks the store where the watched logs stand, in one query however many watchers
/// there are. It finds what no hint told of, jobs that begin elsewhere, and logs that were deleted.
/// </summary>
internal sealed class HeadSweep(
    LiveJobs jobs, MissingJobs missing, JournalReader journal, LiveOptions options, Metrics metrics, TimeProvider time,
    ILogger<HeadSweep> logger) : BackgroundService
{
    private bool _isBlind;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.SweepInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
                if (_isBlind)
                {
                    _isBlind = false;
                    Log.SweepSees(logger);
                }
            }
            catch (StoreUnavailableException unavailable)
            {
                if (!_isBlind)
                {
                    _isBlind = true;
                    Log.SweepIsBlind(logger, unavailable.Message);
                }
            }
        }
    }

    private async Task SweepAsync(CancellationToken cancellation)
    {
        var watched = jobs.All;
        if (watched.Count > 0)
        {
            // Before the store is asked: what was committed by then has to be in its answer.
            var known = watched.Select(job => job.Head).ToList();
            var heads = await journal.HeadsAsync([.. watched.Select(job => job.Log)], cancellation);
            foreach (var (job, head) in watched.Zip(known))
            {
                Compare(job, head, heads);
            }
        }

        var awaited = missing.All;
        if (awaited.Count > 0)
        {
            foreach (var found in await journal.FindJobsAsync(awaited, cancellation))
            {
                missing.Found(found.Log.Job);
                metrics.SweepFound();
            }
        }
    }

    private void Compare(LiveJob job, long known, IReadOnlyDictionary<long, long> heads)
    {
        if (!heads.TryGetValue(job.Log.Incarnation, out var head))
        {
            job.Vanish();
            return;
        }

        if (head < known)
        {
            Log.StoreFellBack(logger, job.Log.StreamKey, known, head);
            jobs.FellBack(job, head);
            return;
        }

        // A commit of this process that is just under way between the store and its hint counts as found, rarely.
        if (job.RaiseHead(head))
        {
            metrics.SweepFound();
        }

        job.Tidy();
    }
}
