using System.Globalization;

namespace Jobwatch.EndToEnd.Tests.SlowWatchers;

/// <summary>How long after it was recorded each event came, on one machine's clock.</summary>
internal sealed class Latencies
{
    private readonly Lock _gate = new();
    private readonly List<double> _milliseconds = [];

    public void Add(TimeSpan latency)
    {
        lock (_gate)
            _milliseconds.Add(latency.TotalMilliseconds);
    }

    /// <summary>The latency that this part of all events does not exceed, in milliseconds.</summary>
    public double Percentile(double part)
    {
        lock (_gate)
            return _milliseconds.Order().ElementAt((int)(part * (_milliseconds.Count - 1)));
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"p50 {Percentile(0.5):0.0} ms, p99 {Percentile(0.99):0.0} ms, at most {Percentile(1):0} ms");
}
