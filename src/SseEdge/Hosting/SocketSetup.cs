using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Jobwatch.SseEdge.Hosting;

/// <summary>
/// Bounds what the kernel takes of a response that nobody reads. Connections inherit the listening socket's size, and a size
/// that was given switches off the kernel's own growing of it. What a flush hands over is sent where it is flushed, a change of
/// threads less for each delivery: nothing here blocks.
/// </summary>
internal sealed class SocketSetup(IOptions<EdgeOptions> options) : IConfigureOptions<SocketTransportOptions>
{
    public void Configure(SocketTransportOptions transport)
    {
        transport.UnsafePreferInlineScheduling = true;
        var bind = transport.CreateBoundListenSocket;
        transport.CreateBoundListenSocket = endpoint =>
        {
            var socket = bind(endpoint);
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.SendBuffer, options.Value.SendBufferBytes);
            return socket;
        };
    }
}
