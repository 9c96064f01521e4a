using System.Diagnostics.Metrics;

namespace Jobwatch.SseEdge.Streaming;

/// <summary>
/// What the streams do, by framing and by nothing that grows with jobs. Observed rather than counted, so that each is there
/// with 0 from the start.
/// </summary>
internal sealed class Metrics
{
    public const string MeterName = "Jobwatch.SseEdge";

    private readonly Counts _sse = new();
    private readonly Counts _ndjson = new();

    public Metrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        meter.CreateObservableUpDownCounter(
            "sse.connections.active", () => Of(counts => counts.Active), description: "Streams that are open.");
        meter.CreateObservableCounter(
            "sse.updates.sent", () => Of(counts => counts.Updates), description: "Execution events written to streams.");
        meter.CreateObservableCounter(
            "sse.reconnections", () => Of(counts => counts.Reconnections), description: "Streams asked for with a last event id.");
        meter.CreateObservableCounter(
            "sse.errors", () => Of(counts => counts.Errors), description: "Streams refused, or ended by an error.");
    }

    /// <summary>A stream is open until the value is let go of.</summary>
    public IDisposable Opened(IFraming framing) => new OpenStream(For(framing));

    public void UpdatesSent(IFraming framing, long updates) => Interlocked.Add(ref For(framing).Updates, updates);

    public void CameBack(IFraming framing) => Interlocked.Increment(ref For(framing).Reconnections);

    public void Failed(IFraming framing) => Interlocked.Increment(ref For(framing).Errors);

    private Counts For(IFraming framing) => framing is SseFraming ? _sse : _ndjson;

    private Measurement<long>[] Of(Func<Counts, long> count) =>
    [
        new(count(_sse), new KeyValuePair<string, object?>("framing", "sse")),
        new(count(_ndjson), new KeyValuePair<string, object?>("framing", "ndjson")),
    ];

    private sealed class Counts
    {
        public long Active;
        public long Updates;
        public long Reconnections;
        public long Errors;
    }

    private sealed class OpenStream : IDisposable
    {
        private readonly Counts _counts;

        public OpenStream(Counts counts)
        {
            _counts = counts;
            Interlocked.Increment(ref counts.Active);
        }

        public void Dispose() => Interlocked.Decrement(ref _counts.Active);
    }
}
