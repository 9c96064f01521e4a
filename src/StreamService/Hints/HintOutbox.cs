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
        var madeJob = committed.Events[0].Position == 1;
        lock (_gate)
        {
            if (_pending.TryGetValue(log.Incarnation, out var earlier))
            {
                madeJob |= earlier.MadeJob;
            }
            else if (_pending.Count == Capacity)
            {
                metrics.Dropped(1);
                return;
            }

            _pending[log.Incarnation] = new Hint(log.Job, log.Incarnation, Math.Max(earlier.Head, committed.Events[^1].Position), madeJob);
        }

        _wakeup.Signal();
    }

    /// <summary>What is there, as it is to be sent by a node; none if there is nothing. A hint of a new job goes to its tenant's channel too.</summary>
    public IReadOnlyList<HintMessage> Take(string node)
    {
        Dictionary<long, Hint> taken;
        lock (_gate)
        {
            if (_pending.Count == 0)
            {
                return [];
            }

            (taken, _pending) = (_pending, []);
        }

        var messages = new List<HintMessage>(taken.Count);
        foreach (var hint in taken.Values)
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
}
