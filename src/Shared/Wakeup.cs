using System.Threading.Tasks.Sources;

namespace Jobwatch.Shared;

/// <summary>
/// What a watcher sleeps on: one for commits, timers, its caller's leaving and shutdown. Signals while it is awake
/// are remembered as one, so it has to look at everything it waits for each time it wakes. One sleeper; it goes on on
/// the thread pool, never on the thread that signals.
/// </summary>
internal sealed class Wakeup : Bell, IValueTaskSource
{
    private const int Awake = 0;
    private const int Asleep = 1;
    private const int Signalled = 2;

    private ManualResetValueTaskSourceCore<bool> _source = new() { RunContinuationsAsynchronously = true };
    private int _state;

    public override void Signal()
    {
        // What the caller changed before is seen by whoever wakes by an earlier signal, which this one then is one with: without the
        // fence the read could come before the change. The plain read keeps watchers that are signalled already from fighting for the cache line.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _state) != Signalled && Interlocked.Exchange(ref _state, Signalled) == Asleep)
        {
            _source.SetResult(true);
        }
    }

    /// <summary>Completes with the next signal, or at once if there was one since the last wait.</summary>
    public ValueTask WaitAsync()
    {
        _source.Reset();
        if (Interlocked.CompareExchange(ref _state, Asleep, Awake) == Awake)
        {
            return new ValueTask(this, _source.Version);
        }

        Interlocked.Exchange(ref _state, Awake);
        return ValueTask.CompletedTask;
    }

    void IValueTaskSource.GetResult(short token)
    {
        _source.GetResult(token);
        // A full fence: what was changed before a signal that this swallows is seen by the sleeper that reads after it.
        Interlocked.Exchange(ref _state, Awake);
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
