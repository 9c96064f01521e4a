using System.Runtime.InteropServices;

namespace Jobwatch.DevServer;

/// <summary>SIGINT, SIGTERM and SIGHUP: the first asks for a clean stop, the second for a forced one.</summary>
internal sealed class StopRequests : IDisposable
{
    private readonly CancellationTokenSource _clean = new();
    private readonly CancellationTokenSource _forced = new();
    private readonly PosixSignalRegistration[] _registrations;

    public StopRequests() =>
        _registrations = [Register(PosixSignal.SIGINT), Register(PosixSignal.SIGTERM), Register(PosixSignal.SIGHUP)];

    public CancellationToken Clean => _clean.Token;

    public CancellationToken Forced => _forced.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _clean.Dispose();
        _forced.Dispose();
    }

    private PosixSignalRegistration Register(PosixSignal signal) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        (_clean.IsCancellationRequested ? _forced : _clean).Cancel();
    });
}
