using Grpc.Core;
using Jobwatch.StreamService.Errors;
using Microsoft.Extensions.Options;

namespace Jobwatch.StreamService.Watching;

/// <summary>How watches end when the server stops: told so and sent elsewhere, each after another delay; those whose reader doesn't read are cut.</summary>
internal sealed class Farewell : IDisposable
{
    private readonly CancellationTokenSource _overdue = new();
    private readonly IHostApplicationLifetime _lifetime;
    private readonly WatchingOptions _options;
    private readonly CancellationTokenRegistration _stopping;
    private ITimer? _timer;

    public Farewell(IHostApplicationLifetime lifetime, IOptions<WatchingOptions> options, TimeProvider time)
    {
        _lifetime = lifetime;
        _options = options.Value;
        _stopping = lifetime.ApplicationStopping.Register(() =>
            _timer = time.CreateTimer(_ => _overdue.Cancel(), null, _options.DrainTimeout, Timeout.InfiniteTimeSpan));
    }

    public bool HasBegun => _lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>The time to say farewell.</summary>
    public CancellationToken Begins => _lifetime.ApplicationStopping;

    /// <summary>The time to wait for no reader any more.</summary>
    public CancellationToken IsOverdue => _overdue.Token;

    /// <summary>Another one at each call, so that not all watchers come to the next node at once.</summary>
    public TimeSpan NextDelay() => _options.DrainSpread * Random.Shared.NextDouble();

    /// <summary>How a call is sent on that has no stream yet.</summary>
    public RpcException Refusal() => RpcErrors.Unavailable(
        Reasons.Draining, "This node is shutting down: send the call to another one, or here again later.", NextDelay());

    /// <summary>How a stream is sent on: by the shutdown, or if that has not begun, by its age.</summary>
    public Leaving Leave()
    {
        var delay = HasBegun ? NextDelay() : TimeSpan.Zero;
        return new Leaving(delay, HasBegun
            ? RpcErrors.Unavailable(Reasons.Draining, "This node is shutting down: go on from the last cursor, elsewhere if there is another node.", delay)
            : RpcErrors.Unavailable(Reasons.StreamTooOld, "This stream has got its age (Watching:MaxStreamAge): go on from the last cursor, at any node.", delay));
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _timer?.Dispose();
        _overdue.Dispose();
    }
}
