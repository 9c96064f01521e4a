using System.Net;
using System.Net.Sockets;

namespace Jobwatch.Testing;

/// <summary>
/// Stands between a client and PostgreSQL's unix socket, and when armed cuts the connection after PostgreSQL has
/// committed and before the client hears of it.
/// </summary>
public sealed class CommitReplyCutter : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly string _socketPath;
    private readonly Task _accepting;
    private int _armed;
    private volatile bool _onlyUnbegun;

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

    /// <summary>Of these, the replies to what was sent without BEGIN and COMMIT: a batch that is a transaction of its own.</summary>
    public int UnbegunCuts { get; private set; }

    /// <summary>Cuts off the replies to the next commits.</summary>
    /// <param name="commits">How many.</param>
    /// <param name="onlyUnbegun">Whether only those of batches that are transactions of their own count.</param>
    public void Arm(int commits, bool onlyUnbegun = false)
    {
        _onlyUnbegun = onlyUnbegun;
        Interlocked.Exchange(ref _armed, commits);
    }

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
            if (cutCommits && Committed(buffer.AsSpan(0, read)) is var commit and not Commit.None
                && (commit == Commit.Unbegun || !_onlyUnbegun) && Interlocked.Decrement(ref _armed) >= 0)
            {
                Cuts++;
                UnbegunCuts += commit == Commit.Unbegun ? 1 : 0;
                return;
            }

            await to.SendAsync(buffer.AsMemory(0, read), _stop.Token);
        }
    }

    // By the tags of the commands that are done, and by the readiness for the next question, which says that no transaction is open. PostgreSQL
    // commits before it sends that. What doesn't come in one piece is not taken for a commit, nor is one that failed.
    private static Commit Committed(ReadOnlySpan<byte> reply)
    {
        if (!reply.EndsWith("Z\0\0\0\u0005I"u8) || reply.IndexOf("VERROR\0"u8) >= 0)
            return Commit.None;
        if (reply.IndexOf("COMMIT\0"u8) >= 0)
            return Commit.Begun;
        return reply.IndexOf("INSERT 0 "u8) >= 0 ? Commit.Unbegun : Commit.None;
    }

    private enum Commit
    {
        None,
        Begun,
        Unbegun,
    }
}
