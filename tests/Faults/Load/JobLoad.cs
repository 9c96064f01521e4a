using Jobwatch.Testing.Producing;
using Jobwatch.V1;

namespace Jobwatch.Faults.Tests.Load;

/// <summary>What was recorded to one job, and how far it was acknowledged.</summary>
internal sealed class JobLoad(string jobId, Acknowledged acknowledged)
{
    private readonly Lock _gate = new();
    private long _head;
    private long _appends;
    private long? _healedAt;
    private long? _firstAfter;

    public string JobId => jobId;

    /// <summary>The highest position that a producer was told of.</summary>
    public long Head => Volatile.Read(ref _head);

    /// <summary>Appends that were acknowledged, repeated ones too.</summary>
    public long Appends => Volatile.Read(ref _appends);

    /// <summary>The first position of what was sent after the fault was over, once it was acknowledged.</summary>
    public long? FirstAfterFault
    {
        get
        {
            lock (_gate)
                return _firstAfter;
        }
    }

    /// <summary>The fault is over now.</summary>
    public void Healed(long timestamp)
    {
        lock (_gate)
            _healedAt = timestamp;
    }

    /// <summary>Takes in an answer; throws when it contradicts one before.</summary>
    public void Take(IReadOnlyList<ExecutionEvent> events, AppendEventsResponse answer, long sentAt)
    {
        acknowledged.Add(jobId, events, answer.Positions);
        Interlocked.Increment(ref _appends);
        lock (_gate)
        {
            long last = answer.Positions[^1];
            _head = Math.Max(_head, last);
            if (_healedAt is { } healedAt && sentAt >= healedAt)
                _firstAfter = Math.Min(_firstAfter ?? long.MaxValue, last);
        }
    }
}
