using System.Net;
using System.Net.Sockets;

namespace Jobwatch.Testing;

/// <summary>One connection through a <see cref="TcpProxy"/>.</summary>
internal sealed class TcpLink(TcpProxy proxy, Socket client) : IDisposable
{
    private const int Piece = 64 * 1024;

    private Socket? _server;
    private volatile bool _isDead;
    private int _asked;

    /// <summary>Nobody is behind it any more.</summary>
    public bool IsDead
    {
        get => _isDead;
        set => _isDead = value;
    }

    public async Task RunAsync(EndPoint target, CancellationToken stop)
    {
        var protocol = target is UnixDomainSocketEndPoint ? ProtocolType.Unspecified : ProtocolType.Tcp;
        using var server = _server = new Socket(target.AddressFamily, SocketType.Stream, protocol);
        if (!IsDead)
            await server.ConnectAsync(target, stop);
        var forward = PumpAsync(client, server, isReply: false, stop);
        var back = IsDead ? forward : PumpAsync(server, client, isReply: true, stop);
        await await Task.WhenAny(forward, back);
    }

    /// <summary>Closes both ends; by a reset, so that nobody takes it for a stream's good end.</summary>
    public void Cut()
    {
        foreach (var socket in new[] { client, _server })
        {
            try
            {
                if (socket?.ProtocolType == ProtocolType.Tcp && socket.Connected)
                    socket.LingerState = new LingerOption(enable: true, seconds: 0);
            }
            catch (ObjectDisposedException)
            {
                // Its end was carried to it in the same moment.
            }

            socket?.Dispose();
        }
    }

    public void Dispose() => Cut();

    // Of a slow way small ones, which come as often as those of a fast one.
    private int Portion => proxy.BytesPerSecond is > 0 and var rate ? Math.Clamp(rate / 20, 1, Piece) : Piece;

    private async Task PumpAsync(Socket from, Socket to, bool isReply, CancellationToken stop)
    {
        byte[] buffer = new byte[Piece];
        while (await from.ReceiveAsync(buffer.AsMemory(0, Portion), stop) is > 0 and var read)
        {
            if (!isReply)
                Volatile.Write(ref _asked, read);
            if (isReply && proxy.ReplyDelay is { } delay)
                await Hold.ForAsync(delay(Volatile.Read(ref _asked)), stop);
            if (proxy.BytesPerSecond is > 0 and var rate)
            {
                await Hold.ForAsync(TimeSpan.FromSeconds((double)read / rate), stop);
                proxy.CountSlowed(read);
            }
            if (IsDead)
            {
                proxy.CountSwallowed(read);
                continue;
            }
            await to.SendAsync(buffer.AsMemory(0, read), stop);
        }
    }
}
