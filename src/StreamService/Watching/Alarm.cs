using Jobwatch.Shared;

namespace Jobwatch.StreamService.Watching;

/// <summary>
/// Wakes one watch at a time to come. It may ring too early, never too late: a watch that sets it before each sleep
/// mostly finds it set already, and so doesn't touch the timer.
/// </summary>
internal sealed class Alarm : IDisposable
{
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Wakeup _wakeup;
    private long _ringsAt = long.MaxValue;

    public Alarm(TimeProvider time, Wakeup wakeup)
    {
        _time = time;
        _wakeup = wakeup;
        _timer = time.CreateTimer(static alarm => ((Alarm)alarm!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Set(TimeSpan delay)
    {
        // A timer counts milliseconds: rounded up, or it would ring a little early, again and again.
        var milliseconds = Math.Max(0, (long)Math.Ceiling(delay.TotalMilliseconds));
        var at = _time.GetTimestamp() + (milliseconds * _time.TimestampFrequency / 1000);
        if (at < Volatile.Read(ref _ringsAt))
        {
            Volatile.Write(ref _ringsAt, at);
            _timer.Change(TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Ring()
    {
        // Whoever is woken sets it anew, also when this was the ringing of an earlier setting.
        Volatile.Write(ref _ringsAt, long.MaxValue);
        _wakeup.Signal();
    }
}
