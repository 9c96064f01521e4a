using System.Diagnostics.Metrics;

namespace Jobwatch.StreamService.Retention;

/// <summary>Measures of retention, meter <c>Jobwatch.Retention</c>.</summary>
internal sealed class Metrics
{
    public const string MeterName = "Jobwatch.Retention";

    private readonly Counter<long> _truncated;
    private readonly Counter<long> _purged;
    private readonly Counter<long> _forgotten;
    private readonly Counter<long> _failures;
    private readonly Histogram<double> _duration;
    private long _lag;

    public Metrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _truncated = meter.CreateCounter<long>("retention_events_truncated", "{event}", "Events that a rule truncated and that were deleted.");
        _purged = meter.CreateCounter<long>("retention_events_purged", "{event}", "Events of deleted jobs that were cleared away.");
        _forgotten = meter.CreateCounter<long>("retention_executions_forgotten", "{execution}", "Executions that went out of the catalog.");
        _failures = meter.CreateCounter<long>("retention_pass_failures", "{pass}", "Passes that broke off; the next one goes on.");
        _duration = meter.CreateHistogram<double>("retention_pass_duration", "s", "Passes that this node made to their end.");
        meter.CreateObservableGauge(
            "retention_lag", () => Interlocked.Read(ref _lag), "{event}",
            "Events that this node's last pass found to be truncated and has not deleted yet.");
    }

    public void Began() => Interlocked.Exchange(ref _lag, 0);

    public void Found(long events) => Interlocked.Add(ref _lag, events);

    /// <param name="events">How many were deleted.</param>
    /// <param name="done">How many of those that were found need no more looking at: some may have been deleted before.</param>
    public void Deleted(long events, long done)
    {
        _truncated.Add(events);
        Interlocked.Add(ref _lag, -done);
    }

    public void Forgot(long executions) => _forgotten.Add(executions);

    public void Purged(long events) => _purged.Add(events);

    public void Ended(TimeSpan duration) => _duration.Record(duration.TotalSeconds);

    public void Failed() => _failures.Add(1);
}
