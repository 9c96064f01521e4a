using System.Diagnostics.Metrics;

namespace Jobwatch.StreamService.Hints;

internal sealed class Metrics
{
    public const string MeterName = "Jobwatch.Hints";

    private readonly Counter<long> _published;
    private readonly Counter<long> _received;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _connects;
    private int _isConnected;

    public Metrics(IMeterFactory meters, HintInterest interest)
    {
        var meter = meters.Create(MeterName);
        _published = meter.CreateCounter<long>("hints_published", "{hint}", "Hints that were sent to other nodes.");
        _received = meter.CreateCounter<long>("hints_received", "{hint}", "Hints of other nodes that arrived.");
        _dropped = meter.CreateCounter<long>(
            "hints_dropped", "{hint}", "Hints that were not sent: too many waited, or the link broke. The other nodes' sweep finds those commits.");
        _connects = meter.CreateCounter<long>("hints_connects", "{link}", "How often this node was linked to the others; each time it swept.");
        meter.CreateObservableGauge(
            "hints_connected", () => Volatile.Read(ref _isConnected), description: "1 while this node is linked to the others, 0 while only the sweep finds their commits.");
        meter.CreateObservableGauge("hints_channels", () => interest.Count, "{channel}", "Channels of what is watched or awaited on this node: jobs, and tenants of which new jobs are awaited.");
    }

    public void Published(int count) => _published.Add(count);

    public void Received() => _received.Add(1);

    public void Dropped(int count) => _dropped.Add(count);

    public void Connected()
    {
        Volatile.Write(ref _isConnected, 1);
        _connects.Add(1);
    }

    public void Disconnected() => Volatile.Write(ref _isConnected, 0);
}
