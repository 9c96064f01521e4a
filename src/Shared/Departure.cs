using System.Runtime.InteropServices;

namespace Jobwatch.Shared;

/// <summary>
/// How the process leaves. At SIGTERM it says that it isn't ready, and serves on until those who send it callers can have noticed; then it
/// stops. SIGINT, SIGQUIT and a second SIGTERM stop it at once: somebody is waiting.
/// </summary>
internal sealed class Departure(IHostApplicationLifetime host, TimeProvider time, TimeSpan delay) : IHostLifetime, IDisposable
{
    private readonly List<PosixSignalRegistration> _signals = [];
    private ITimer? _stop;
    private int _hasBegun;

    /// <summary>Whether it is on its way out: no new callers, please.</summary>
    public bool HasBegun => Volatile.Read(ref _hasBegun) != 0 || host.ApplicationStopping.IsCancellationRequested;

    /// <summary>What SIGTERM does.</summary>
    public void Begin()
    {
        if (Interlocked.Exchange(ref _hasBegun, 1) != 0 || delay == TimeSpan.Zero)
        {
            host.StopApplication();
            return;
        }

        _stop = time.CreateTimer(_ => host.StopApplication(), null, delay, Timeout.InfiniteTimeSpan);
    }

    Task IHostLifetime.WaitForStartAsync(CancellationToken cancellationToken)
    {
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Handle(signal, Begin)));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Handle(signal, host.StopApplication)));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGQUIT, signal => Handle(signal, host.StopApplication)));
        return Task.CompletedTask;
    }

    Task IHostLifetime.StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _signals.ForEach(signal => signal.Dispose());
        _stop?.Dispose();
    }

    private static void Handle(PosixSignalContext signal, Action leave)
    {
        // The process's end is the host's to bring about.
        signal.Cancel = true;
        leave();
    }
}
