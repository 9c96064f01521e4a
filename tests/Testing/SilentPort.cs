using System.Net;
using System.Net.Sockets;

namespace Jobwatch.Testing;

/// <summary>A port on loopback that neither accepts connections nor refuses them, as the address of a machine that is gone.</summary>
public sealed class SilentPort : IDisposable
{
    private readonly List<Socket> _sockets = [];

    public SilentPort()
    {
        var listener = NewSocket();
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        var at = listener.LocalEndPoint!;
        Address = new Uri($"http://{at}");
        // The queue of those that wait to be accepted is filled; the system is silent to those that come then.
        for (var i = 0; i < 4; i++)
        {
            var waiting = NewSocket();
            waiting.Blocking = false;
            try
            {
                waiting.Connect(at);
            }
            catch (SocketException pending) when (pending.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                // Under way, for ever.
            }
        }
    }

    public Uri Address { get; }

    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());

    private Socket NewSocket()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _sockets.Add(socket);
        return socket;
    }
}
