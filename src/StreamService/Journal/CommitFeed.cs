namespace Jobwatch.StreamService.Journal;

/// <summary>
/// Tells this process what it committed, after the commit and before the producer hears of it. It is a hint, not the
/// truth: another node's commits don't come by here, nor does one whose reply was lost.
/// </summary>
internal sealed class CommitFeed
{
    private volatile Action<CommittedEvents>? _listener;

    /// <summary>Sets the listener. It is called from the committing thread, so it must be quick and must not throw.</summary>
    public void Listen(Action<CommittedEvents> listener)
    {
        if (Interlocked.CompareExchange(ref _listener, listener, null) is not null)
        {
            throw new InvalidOperationException("The commit feed has its listener.");
        }
    }

    public void Publish(CommittedEvents committed) => _listener?.Invoke(committed);
}
