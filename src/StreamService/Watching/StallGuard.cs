namespace Jobwatch.StreamService.Watching;

/// <summary>Resets a watch's stream whose reader takes nothing for too long. The connection and the other streams on it stay.</summary>
/// <remarks>Looked at now and then rather than timed: most flushes wait a little, and each would set and stop a timer.</remarks>
internal sealed class StallGuard(TimeProvider time, TimeSpan timeout, Action reset) : IDisposable
{
    private const long NotWaiting = -1;

    private ITimer? _look;
    private long _waitsSince = NotWaiting;

    /// <summary>A flush has to wait for the reader.</summary>
    public void Begin()
    {
        Volatile.Write(ref _waitsSince, time.GetTimestamp());
        _look ??= time.CreateTimer(static guard => ((StallGuard)guard!).Look(), this, timeout / 4, timeout / 4);
    }

    /// <summary>The reader took enough.</summary>
    public void End() => Volatile.Write(ref _waitsSince, NotWaiting);

    public void Dispose() => _look?.Dispose();

    private void Look()
    {
        if (Volatile.Read(ref _waitsSince) is var since && since != NotWaiting && time.GetElapsedTime(since) >= timeout)
        {
            End();
            reset();
        }
    }
}
