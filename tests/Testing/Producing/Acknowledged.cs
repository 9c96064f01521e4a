using Jobwatch.V1;
using Xunit;

namespace Jobwatch.Testing.Producing;

/// <summary>What producers were told: which event of which job stands where. Kept from the first answer on, whatever comes later.</summary>
internal sealed class Acknowledged
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Job, string EventId), (long Position, ExecutionEvent Event)> _first = [];

    public int Count
    {
        get
        {
            lock (_gate)
                return _first.Count;
        }
    }

    /// <summary>Takes in an answer; fails when it gives an event another position than an answer before.</summary>
    public void Add(string jobId, IReadOnlyList<ExecutionEvent> events, IReadOnlyList<long> positions)
    {
        Assert.Equal(events.Count, positions.Count);
        lock (_gate)
        {
            for (int i = 0; i < events.Count; i++)
            {
                if (_first.TryGetValue((jobId, events[i].EventId), out var first))
                    Assert.Equal(first.Position, positions[i]);
                else
                    _first[(jobId, events[i].EventId)] = (positions[i], events[i]);
            }
        }
    }

    /// <summary>The events of a job that a producer was told of.</summary>
    public IReadOnlyList<string> IdsOf(string jobId)
    {
        lock (_gate)
            return [.. _first.Keys.Where(key => key.Job == jobId).Select(key => key.EventId)];
    }

    /// <summary>Holds a job's log against it: each event once, where it was said to be, with its first content, and none else.</summary>
    public void AssertHeldBy(IReadOnlyList<ExecutionEvent> log, string jobId)
    {
        lock (_gate)
        {
            Assert.Equal(log.Count, log.Select(item => item.EventId).Distinct().Count());
            Assert.Equal(_first.Keys.Count(key => key.Job == jobId), log.Count);
            foreach (var stored in log)
            {
                bool isTold = _first.TryGetValue((jobId, stored.EventId), out var sent);
                Assert.True(isTold, $"Nobody was told of {jobId}'s event {stored.Position}");
                Assert.Equal(sent.Position, stored.Position);
                Assert.Equal(Content(sent.Event, sent.Event), Content(stored, sent.Event));
            }
        }
    }

    // Without what the server sets, also where the producer left it to it.
    private static ExecutionEvent Content(ExecutionEvent item, ExecutionEvent sent)
    {
        var content = item.Clone();
        content.JobId = "";
        content.Position = 0;
        content.Type = "";
        content.Status = ExecutionStatus.Unspecified;
        content.RecordedAt = null;
        content.OccurredAt = sent.OccurredAt is null ? null : content.OccurredAt;
        return content;
    }
}
