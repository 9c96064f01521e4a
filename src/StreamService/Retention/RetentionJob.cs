using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Retention;

/// <summary>
/// Makes a pass once an interval. Every node tries; the one that finds no other at it does the work. A pass that fails is made again at the
/// next interval, from wherever it broke off.
/// </summary>
internal sealed class RetentionJob(
    HistoryTrimmer trimmer, JournalReadiness readiness, RetentionOptions options, Metrics metrics, TimeProvider time,
    ILogger<RetentionJob> logger) : BackgroundService
{
    /// <summary>Makes one pass, unless another node is at one.</summary>
    public async Task RunOnceAsync(CancellationToken cancellation)
    {
        await using var session = await trimmer.TryBeginAsync(cancellation);
        if (session is null)
        {
            return;
        }

        var began = time.GetTimestamp();
        metrics.Began();
        await new RetentionPass(session, options, time, metrics, logger).RunAsync(cancellation);
        metrics.Ended(time.GetElapsedTime(began));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (!readiness.IsReady)
            {
                continue;
            }

            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (StoreUnavailableException unavailable)
            {
                metrics.Failed();
                Log.StoreAway(logger, unavailable.Message);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                // History that is kept too long is no reason to stop serving.
                metrics.Failed();
                Log.PassFailed(logger, error);
            }
        }
    }
}
