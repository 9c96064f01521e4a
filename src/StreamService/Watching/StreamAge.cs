using Jobwatch.Shared;

namespace Jobwatch.StreamService.Watching;

/// <summary>
/// Ends a watch after a while, a fifth more or less at random, so that it comes to a node that was added meanwhile. Those that came
/// together don't leave together.
/// </summary>
internal sealed class StreamAge : IDisposable
{
    private const double Jitter = 0.2;

    private readonly ITimer _timer;
    private volatile bool _isReached;

    public StreamAge(TimeProvider time, TimeSpan max, Wakeup wakeup)
    {
        _timer = time.CreateTimer(
            _ =>
            {
                _isReached = true;
                wakeup.Signal();
            },
            null,
            max * (1 - Jitter + (2 * Jitter * Random.Shared.NextDouble())),
            Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether it is as old as it may get.</summary>
    public bool IsReached => _isReached;

    public void Dispose() => _timer.Dispose();
}
