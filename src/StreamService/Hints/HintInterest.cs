using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Hints;

/// <summary>
/// What this node wants to hear of: counts who is interested in each channel. Changes are taken in batches by whoever listens.
/// </summary>
internal sealed class HintInterest(HintChannels channels)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _toListen = new(StringComparer.Ordinal);
    private readonly HashSet<string> _toUnlisten = new(StringComparer.Ordinal);
    private TaskCompletionSource _grown = NewSignal();

    /// <summary>Done once there is something new to listen to. What is to be listened to no more can wait.</summary>
    public Task Grown
    {
        get
        {
            lock (_gate)
            {
                return _grown.Task;
            }
        }
    }

    /// <summary>How many channels there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _counts.Count;
            }
        }
    }

    /// <summary>Wants to hear of the job's commits, once more. What was committed before the channel is listened to, is told by the sweep that follows.</summary>
    public void Add(JobKey job) => Add(channels.Of(job));

    public void Remove(JobKey job) => Remove(channels.Of(job));

    /// <summary>Wants to hear of the jobs that are made in the tenant, once more.</summary>
    public void AddTenant(string tenant) => Add(channels.OfTenant(tenant));

    public void RemoveTenant(string tenant) => Remove(channels.OfTenant(tenant));

    /// <summary>Nothing is listened to (any longer): all of it is new.</summary>
    public void StartAnew()
    {
        lock (_gate)
        {
            _toUnlisten.Clear();
            _toListen.Clear();
            _toListen.UnionWith(_counts.Keys);
        }
    }

    /// <summary>Takes what has changed since the last time.</summary>
    public (IReadOnlyCollection<string> Listen, IReadOnlyCollection<string> Unlisten) TakeChanges()
    {
        lock (_gate)
        {
            string[] listen = [.. _toListen];
            string[] unlisten = [.. _toUnlisten];
            _toListen.Clear();
            _toUnlisten.Clear();
            if (_grown.Task.IsCompleted)
            {
                _grown = NewSignal();
            }

            return (listen, unlisten);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Add(string channel)
    {
        lock (_gate)
        {
            var count = _counts.GetValueOrDefault(channel);
            _counts[channel] = count + 1;
            if (count == 0 && !_toUnlisten.Remove(channel))
            {
                _toListen.Add(channel);
                _grown.TrySetResult();
            }
        }
    }

    private void Remove(string channel)
    {
        lock (_gate)
        {
            if (--_counts[channel] > 0)
            {
                return;
            }

            _counts.Remove(channel);
            if (!_toListen.Remove(channel))
            {
                _toUnlisten.Add(channel);
            }
        }
    }
}
