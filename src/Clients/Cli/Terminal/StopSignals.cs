using System.Runtime.InteropServices;

namespace Jobwatch.Cli.Terminal;

/// <summary>Ctrl-C and its kin as a token, for the commands that only read.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;
    private bool _disposed;

    internal StopSignals()
    {
        _registrations = [Register(PosixSignal.SIGINT), Register(PosixSignal.SIGTERM), Register(PosixSignal.SIGHUP)];
    }

    internal CancellationToken Token => _stop.Token;

    internal void Stop()
    {
        lock (_gate)
        {
            if (!_disposed)
                _stop.Cancel();
        }
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        // A handler may still be at work: that it is disposed of doesn't wait for it.
        lock (_gate)
        {
            _disposed = true;
            _stop.Dispose();
        }
    }

    private PosixSignalRegistration Register(PosixSignal signal) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        Stop();
    });
}
