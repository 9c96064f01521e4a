using Jobwatch.Shared;
using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Hints;

/// <summary>
/// What is still to be told to the other nodes: for each log one hint with its newest head. Bounded; where there is no room a hint is
/// dropped, and the other nodes' sweep finds the commit. Any number of writers, who never wait; one taker.
/// </summary>
internal sealed class HintOutbox(HintChannels channels, Metrics metrics)
{
    /// <summary>Logs with a hint at a time.</summary>
    public const int Capacity = 10_000;

    private readonly Lock _gate = new();
    private readonly Wakeup _wakeup = new();
    private Dictionary<long, Hint> _pending = [];

    public void Add(CommittedEvents committed)
    {
        if (committed.Events.Count == 0)
        {
            return;
        }

        var log = committed.Log;
        lock (_gate)
        {
            Put(new Hint(log.Job, log.Incarnation, committed.Events[^1].Position, MadeJob: committed.Events[0].Position == 1));
        }

        _wakeup.Signal();
    }

    /// <summary>Takes what is there; none if there is nothing.</summary>
    public IReadOnlyCollection<Hint> Take()
    {
        lock (_gate)
        {
            if (_pending.Count == 0)
            {
                return [];
            }

            var taken = _pending.Values;
            _pending = [];
            return taken;
        }
    }

    /// <summary>Puts back what was taken and may not have arrived. What came meanwhile is newer and stays.</summary>
    public void PutBack(IReadOnlyCollection<Hint> taken)
    {
        lock (_gate)
        {
            foreach (var hint in taken)
            {
                Put(hint);
            }
        }

        _wakeup.Signal();
    }

    /// <summary>Hints as a node sends them; one of a new job goes to its tenant's channel too.</summary>
    public IReadOnlyList<HintMessage> Write(IReadOnlyCollection<Hint> hints, string node)
    {
        var messages = new List<HintMessage>(hints.Count);
        foreach (var hint in hints)
        {
            var payload = hint.Write(node);
            messages.Add(new HintMessage(channels.Of(hint.Job), payload));
            if (hint.MadeJob)
            {
                messages.Add(new HintMessage(channels.OfTenant(hint.Job.Tenant), payload));
            }
        }

        return messages;
    }

    /// <summary>Waits until there is something to take. It may return for no reason.</summary>
    public async Task WaitAsync(CancellationToken cancellation)
    {
        await using var leaving = cancellation.UnsafeRegister(static wakeup => ((Wakeup)wakeup!).Signal(), _wakeup);
        await _wakeup.WaitAsync();
        cancellation.ThrowIfCancellationRequested();
    }

    private void Put(Hint hint)
    {
        if (_pending.TryGetValue(hint.Incarnation, out var other))
        {
            _pending[hint.Incarnation] = hint with { Head = Math.Max(hint.Head, other.Head), MadeJob = hint.MadeJob || other.MadeJob };
        }
        else if (_pending.Count < Capacity)
        {
            _pending[hint.Incarnation] = hint;
        }
        else
        {
            metrics.Dropped(1);
        }
    }
}
