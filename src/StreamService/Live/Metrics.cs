using System.Diagnostics.Metrics;

namespace Jobwatch.StreamService.Live;

internal sealed class Metrics
{
    public const string MeterName = "Jobwatch.Live";

    private readonly UpDownCounter<long> _jobs;
    private readonly Counter<long> _ringFrames;
    private readonly Counter<long> _pages;
    private readonly Counter<long> _sweepFinds;

    public Metrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _jobs = meter.CreateUpDownCounter<long>("live_jobs", "{job}", "Jobs that are watched on this node.");
        _ringFrames = meter.CreateCounter<long>(
            "live_ring_events", "{event}", "Events that watchers took from memory.");
        _pages = meter.CreateCounter<long>(
            "live_store_pages", "{page}", "Pages that watchers took from the store, shared ones once for each watcher.");
        _sweepFinds = meter.CreateCounter<long>(
            "live_sweep_finds", "{job}", "Commits that only the sweep brought to light: another node's, or a lost hint.");
    }

    public void JobOpened() => _jobs.Add(1);

    public void JobClosed() => _jobs.Add(-1);

    public void FramesTaken(long count) => _ringFrames.Add(count);

    public void PageTaken() => _pages.Add(1);

    public void SweepFound() => _sweepFinds.Add(1);
}
