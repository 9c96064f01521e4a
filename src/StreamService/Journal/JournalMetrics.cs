using System.Diagnostics.Metrics;

namespace Jobwatch.StreamService.Journal;

/// <summary>Measures of the journal, meter <c>Jobwatch.Journal</c>.</summary>
internal sealed class JournalMetrics
{
    public const string MeterName = "Jobwatch.Journal";

    private readonly Counter<long> _appends;
    private readonly Counter<long> _events;
    private readonly Counter<long> _failed;
    private readonly Counter<long> _refused;
    private readonly Histogram<double> _duration;

    public JournalMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _appends = meter.CreateCounter<long>("journal_appends", description: "Appends that were decided.");
        _events = meter.CreateCounter<long>("journal_events", description: "Events that were committed.");
        _failed = meter.CreateCounter<long>("journal_commit_failures", description: "Commits that failed and are tried again.");
        _refused = meter.CreateCounter<long>("journal_appends_refused", description: "Appends that were refused because too many wait.");
        _duration = meter.CreateHistogram<double>("journal_commit_duration", "s", "From taking a connection to the commit.");
    }

    public void Committed(int appends, int events, TimeSpan duration)
    {
        _appends.Add(appends);
        _events.Add(events);
        _duration.Record(duration.TotalSeconds);
    }

    public void CommitFailed() => _failed.Add(1);

    public void Refused() => _refused.Add(1);
}
