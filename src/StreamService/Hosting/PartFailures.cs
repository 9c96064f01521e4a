namespace Jobwatch.StreamService.Hosting;

/// <summary>
/// Tells a node that was asked to stop from one that stops because a part of it that runs by itself failed: the host
/// treats both alike, and whoever starts nodes again has to know.
/// </summary>
internal sealed class PartFailures : IDisposable
{
    private readonly WebApplication _node;
    private readonly CancellationTokenRegistration _stopping;
    private volatile bool _hasFailed;

    public PartFailures(WebApplication node)
    {
        _node = node;
        // Only here: later the parts are being cut, and how they take that is no failure.
        _stopping = node.Lifetime.ApplicationStopping.Register(() => _hasFailed = Parts().Any(part => part.ExecuteTask is { IsFaulted: true }));
    }

    public int ExitCode => _hasFailed ? 1 : 0;

    /// <summary>Looks no more: a node that is being taken apart, or was never whole, has no parts to ask.</summary>
    public void Dispose() => _stopping.Dispose();

    private IEnumerable<BackgroundService> Parts() => _node.Services.GetServices<IHostedService>().OfType<BackgroundService>();
}
