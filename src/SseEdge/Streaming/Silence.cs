namespace Jobwatch.SseEdge.Streaming;

/// <summary>
/// Waits for one read after the other, but for none longer than a limit. One timer for all of them, which a wait neither makes nor
/// sets: it looks at how long the present one lasts, and goes off again when that could be over the limit. One waits at a time.
/// </summary>
internal sealed class Silence(TimeSpan limit, TimeProvider time) : IDisposable
{
    // Timers go by whole milliseconds, and a rest of less would have them go off at once.
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(1);

    private Turn? _turn;
    private Task? _read;
    private Action? _end;
    private ITimer? _timer;

    /// <summary>Completes when the read does, or at the limit; the read goes on. Where it completes, it goes on on the read's thread.</summary>
    public Task WaitAsync(Task read)
    {
        var turn = new Turn(time.GetTimestamp());
        // With a fence: a read that is not done when it is looked at below finds this turn when it is.
        Interlocked.Exchange(ref _turn, turn);
        if (_read != read)
        {
            _read = read;
            read.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_end ??= EndTurn);
        }
        else if (read.IsCompleted)
        {
            turn.TrySetResult();
        }

        if (_timer is null)
        {
            // Set apart, since it is set anew where it goes off.
            _timer = time.CreateTimer(static silence => ((Silence)silence!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(limit, Timeout.InfiniteTimeSpan);
        }

        return turn.Task;
    }

    public void Dispose() => _timer?.Dispose();

    private void EndTurn() => Volatile.Read(ref _turn)!.TrySetResult();

    private void Look()
    {
        var turn = Volatile.Read(ref _turn)!;
        var left = limit - time.GetElapsedTime(turn.Since);
        // Set first: what waits may let go of it.
        _timer!.Change(left > Least ? left : left > TimeSpan.Zero ? Least : limit, Timeout.InfiniteTimeSpan);
        if (left <= TimeSpan.Zero)
            turn.TrySetResult();
    }

    // What waits goes on at once, on the thread that brings the message, as without it.
    private sealed class Turn(long since) : TaskCompletionSource
    {
        public long Since => since;
    }
}
