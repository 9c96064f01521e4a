using System.Diagnostics.Metrics;
using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Recording;

/// <summary>What producers get: batches by outcome, the events of those that were acknowledged, and how many streams are open.</summary>
internal sealed class Metrics
{
    public const string MeterName = "Jobwatch.Recording";

    private readonly Counter<long> _batches;
    private readonly Counter<long> _events;
    private readonly UpDownCounter<long> _streams;

    public Metrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _batches = meter.CreateCounter<long>("jobwatch.recording.batches", "{batch}", "Batches that the journal answered, by outcome.");
        _events = meter.CreateCounter<long>(
            "jobwatch.recording.events", "{event}", "Events of acknowledged batches, repeated ones too.");
        _streams = meter.CreateUpDownCounter<long>("jobwatch.recording.streams", "{stream}", "Open streams of RecordEvents.");
    }

    public void StreamBegan() => _streams.Add(1);

    public void StreamEnded() => _streams.Add(-1);

    public void Answered(AppendOutcome outcome, int events)
    {
        _batches.Add(1, new KeyValuePair<string, object?>("outcome", Word(outcome)));
        if (outcome is AppendOutcome.Appended)
        {
            _events.Add(events);
        }
    }

    private static string Word(AppendOutcome outcome) => outcome switch
    {
        AppendOutcome.Appended => "appended",
        AppendOutcome.ExecutionEnded => "execution_ended",
        AppendOutcome.ExecutionNotStarted => "execution_not_started",
        AppendOutcome.PositionMismatch => "position_mismatch",
        _ => "busy",
    };
}
