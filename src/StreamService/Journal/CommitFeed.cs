using System.Collections.Immutable;

namespace Jobwatch.StreamService.Journal;

/// <summary>
/// Tells this process what it committed, after the commit and before the producer hears of it. It is a hint, not the
/// truth: another node's commits don't come by here, nor does one whose reply was lost.
/// </summary>
internal sealed class CommitFeed
{
    private ImmutableArray<Action<CommittedEvents>> _listeners = [];
    private volatile Action<JobLog>? _deletionListener;

    /// <summary>Adds a listener. It is called from the committing thread, so it must be quick and must not throw.</summary>
    public void Listen(Action<CommittedEvents> listener) =>
        ImmutableInterlocked.Update(ref _listeners, static (listeners, added) => listeners.Add(added), listener);

    public void Publish(CommittedEvents committed)
    {
        foreach (var listener in _listeners)
        {
            listener(committed);
        }
    }

    /// <summary>Sets who hears of logs that this process deleted. Called by the deleting thread: quick, and never throws.</summary>
    public void ListenForDeletions(Action<JobLog> listener)
    {
        if (Interlocked.CompareExchange(ref _deletionListener, listener, null) is not null)
        {
            throw new InvalidOperationException("The commit feed has its listener for deletions.");
        }
    }

    /// <summary>A log whose job was deleted. A hint too: the heads that are read from the store lack it from now on.</summary>
    public void PublishDeleted(JobLog log) => _deletionListener?.Invoke(log);
}
