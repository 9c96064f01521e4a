namespace Jobwatch.StreamService.Journal;

/// <summary>
/// Tells this process what it committed, after the commit and before the producer hears of it. It is a hint, not the
/// truth: another node's commits don't come by here, nor does one whose reply was lost.
/// </summary>
internal sealed class CommitFeed
{
    private volatile Action<CommittedEvents>? _listener;
    private volatile Action<JobLog>? _deletionListener;

    /// <summary>Sets the listener. It is called from the committing thread, so it must be quick and must not throw.</summary>
    public void Listen(Action<CommittedEvents> listener)
    {
        if (Interlocked.CompareExchange(ref _listener, listener, null) is not null)
        {
            throw new InvalidOperationException("The commit feed has its listener.");
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

    public void Publish(CommittedEvents committed) => _listener?.Invoke(committed);
}
