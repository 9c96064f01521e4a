using Microsoft.Extensions.Time.Testing;

namespace Jobwatch.Clients.Tests.Running;

/// <summary>A clock that stands still, and tells when somebody begins to wait for a certain time by it.</summary>
internal sealed class StandingClock(TimeSpan awaited) : FakeTimeProvider
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task Begun => _begun.Task;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime == awaited)
            _begun.TrySetResult();
        return timer;
    }
}
