using System.Net.Sockets;

namespace Jobwatch.EndToEnd.Tests.SlowWatchers;

/// <summary>HTTP/1.1 connections whose reader's side holds little: nobody but the server could hold more.</summary>
internal static class SmallSocket
{
    private const int ReceiveBuffer = 64 * 1024;

    public static HttpClient Client(Uri edge) => new(new SocketsHttpHandler { ConnectCallback = ConnectAsync }) { BaseAddress = edge };

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = ReceiveBuffer };
        await socket.ConnectAsync(context.DnsEndPoint, cancel);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
