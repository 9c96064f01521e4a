using System.Diagnostics.Metrics;

namespace Jobwatch.StreamService.Watching;

/// <summary>Measures of watches and replays, meter <c>Jobwatch.Watching</c>.</summary>
internal sealed class Metrics
{
    public const string MeterName = "Jobwatch.Watching";

    private readonly UpDownCounter<long> _active;
    private readonly Counter<long> _events;
    private readonly Counter<long> _heartbeats;
    private readonly Counter<long> _fallbacks;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _stalled;

    public Metrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _active = meter.CreateUpDownCounter<long>("watch_active", "{watch}", "Watches and replays under way.");
        _events = meter.CreateCounter<long>("watch_events_sent", "{event}", "Events sent to watchers.");
        _heartbeats = meter.CreateCounter<long>("watch_heartbeats_sent", "{message}", "Heartbeats sent to watchers.");
        _fallbacks = meter.CreateCounter<long>(
            "watch_fallbacks", "{watch}", "Times that a live watch had to read the store again, because it was slow or a hint was lost.");
        _refused = meter.CreateCounter<long>("watch_refused", "{watch}", "Watches refused because too many are under way, or begin.");
        _stalled = meter.CreateCounter<long>("watch_stalled", "{watch}", "Watches whose stream was reset because its reader took nothing for too long.");
    }

    public void Began() => _active.Add(1);

    public void Ended() => _active.Add(-1);

    public void EventsSent(int count) => _events.Add(count);

    public void HeartbeatSent() => _heartbeats.Add(1);

    public void FellBack() => _fallbacks.Add(1);

    public void Refused() => _refused.Add(1);

    public void Stalled() => _stalled.Add(1);
}
