using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Jobwatch.SseEdge.Hosting;

/// <summary>
/// Bounds what the kernel takes of a response that nobody reads. Connections inherit the listening socket's size, and a size
/// that was given switches off the kernel's own growing of it.
/// </summary>
internal sealed class SendBuffer(IOptions<EdgeOptions> options) : IConfigureOptions<SocketTransportOptions>
{
    public void Configure(SocketTransportOptions transport)
    {
        var bind = transport.CreateBoundListenSocket;
        transport.CreateBoundListenSocket = endpoint =>
        {
            var socket = bind(endpoint);
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.SendBuffer, options.Value.SendBufferBytes);
            return socket;
        };
    }
}
