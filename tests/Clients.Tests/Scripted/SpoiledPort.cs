using System.Net;
using System.Net.Sockets;

namespace Jobwatch.Clients.Tests.Scripted;

/// <summary>Stands before a node, and says what is no HTTP/2 amid a connection when it is told to.</summary>
internal sealed class SpoiledPort : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _carrying;
    private Socket? _caller;

    internal SpoiledPort(Uri node)
    {
        _listener.Start();
        _carrying = CarryAsync(node);
    }

    internal Uri Address => new($"http://{_listener.LocalEndpoint}");

    /// <summary>Sends headers for no stream, which no server may, and doesn't come back: the call stays unanswered.</summary>
    internal async Task SpoilAsync()
    {
        byte[] headersOfNoStream = [0, 0, 1, 0x1, 0x4, 0, 0, 0, 0, 0x82];
        await _caller!.SendAsync(headersOfNoStream);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        _caller?.Dispose();
        await _carrying.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task CarryAsync(Uri node)
    {
        while (true)
        {
            var caller = await _listener.AcceptSocketAsync();
            _caller = caller;
            var server = new TcpClient();
            await server.ConnectAsync(IPAddress.Loopback, node.Port);
            _ = Task.WhenAny(
                new NetworkStream(caller).CopyToAsync(server.GetStream()),
                server.GetStream().CopyToAsync(new NetworkStream(caller))).ContinueWith(
                _ =>
                {
                    caller.Dispose();
                    server.Dispose();
                },
                TaskScheduler.Default);
        }
    }
}
