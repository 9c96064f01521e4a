using System.Net;
using System.Net.Sockets;

namespace Jobwatch.Testing;

/// <summary>
/// Stands between a client and PostgreSQL's unix socket, and when armed cuts the connection after PostgreSQL has
/// committed and before the client hears of it.
/// </summary>
public sealed class CommitReplyCutter : IAsyncDisposable
{
    private static readonly byte[] CommitDone = "COMMIT\0"u8.ToArray();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly string _socketPath;
    private readonly Task _accepting;
    private int _armed;

    /// <param name="socketPath">PostgreSQL's socket, e.g. <c>DIR/.s.PGSQL.5432</c>.</param>
    public CommitReplyCutter(string socketPath)
    {
        _socketPath = socketPath;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many replies were cut off.</summary>
    public int Cuts { get; private set; }

    /// <summary>Cuts off the replies to the next commits.</summary>
    public void Arm(int commits) => Interlocked.Exchange(ref _armed, commits);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptSocketAsync(_stop.Token);
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using (client)
        {
            await server.ConnectAsync(new UnixDomainSocketEndPoint(_socketPath), _stop.Token);
            var forward = PumpAsync(client, server, cutCommits: false);
            var back = PumpAsync(server, client, cutCommits: true);
            await Task.WhenAny(forward, back);
            client.Close();
            server.Close();
            await Task.WhenAll(forward, back).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool cutCommits)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReceiveAsync(buffer, _stop.Token) is > 0 and var read)
        {
            if (cutCommits && buffer.AsSpan(0, read).IndexOf(CommitDone) >= 0 && Interlocked.Decrement(ref _armed) >= 0)
            {
                Cuts++;
                return;
            }

            await to.SendAsync(buffer.AsMemory(0, read), _stop.Token);
        }
    }
}
