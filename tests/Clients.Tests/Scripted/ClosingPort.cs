using System.Net;
using System.Net.Sockets;

namespace Jobwatch.Clients.Tests.Scripted;

/// <summary>A port on loopback that takes connections and closes them without a word.</summary>
internal sealed class ClosingPort : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _closing;
    private int _taken;

    internal ClosingPort()
    {
        _listener.Start();
        _closing = CloseAsync();
    }

    internal Uri Address => new($"http://{_listener.LocalEndpoint}");

    /// <summary>How many connections it took.</summary>
    internal int Taken => Volatile.Read(ref _taken);

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _closing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task CloseAsync()
    {
        while (true)
        {
            using var caller = await _listener.AcceptSocketAsync();
            Interlocked.Increment(ref _taken);
        }
    }
}
