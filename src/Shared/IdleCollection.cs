namespace Jobwatch.Shared;

/// <summary>
/// Collects what a burst left behind, and gives the memory back, once the process is quiet. The runtime collects only where more is
/// asked for: a server that a thousand watchers came to would keep the garbage of their coming for as long as they sit idle.
/// </summary>
internal sealed class IdleCollection(TimeProvider time) : BackgroundService
{
    private const long BurstBytes = 8 * 1024 * 1024;
    private const long QuietBytes = 512 * 1024;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var rest = new QuietAfterBurst(BurstBytes, QuietBytes);
        using var timer = new PeriodicTimer(Interval, time);

        // Ended by the timer's end rather than by a cancellation: a host whose start failed reports the latter as a service's fault.
        using var end = stoppingToken.Register(timer.Dispose);
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            if (rest.Look(GC.GetTotalAllocatedBytes()))
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            }
        }
    }
}
