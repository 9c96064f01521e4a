using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Jobwatch.Testing;

/// <summary>
/// Stands between two programs and does to their connections what networks do: cuts them, holds them open with nobody
/// behind, delays what they carry, carries little. What is set counts from then on, also for open connections.
/// </summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<TcpLink, byte> _links = new();
    private readonly Task _accepting;
    private long _accepted;
    private long _swallowed;
    private long _slowed;
    private volatile bool _isHalfOpen;

    /// <param name="target">A TCP address or a unix socket.</param>
    public TcpProxy(EndPoint target)
    {
        Target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where connections go that come from now on.</summary>
    public EndPoint Target { get; set; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>For programs that speak HTTP.</summary>
    public Uri Address => new($"http://127.0.0.1:{Port}");

    /// <summary>
    /// How long what the target says takes to its caller: asked for each piece, with the bytes that the caller had sent last. Null: no time.
    /// </summary>
    public Func<int, TimeSpan>? ReplyDelay { get; set; }

    /// <summary>How much a connection carries each way; 0: as much as it can.</summary>
    public int BytesPerSecond { get; set; }

    /// <summary>
    /// While true, new and open connections swallow what comes, and nothing comes back. A connection that swallowed once
    /// does so until its caller closes it: who was behind it is gone, and never says so.
    /// </summary>
    public bool IsHalfOpen
    {
        get => _isHalfOpen;
        set
        {
            _isHalfOpen = value;
            foreach (var link in _links.Keys)
                link.IsDead |= value;
        }
    }

    /// <summary>Connections that are open now.</summary>
    public int Open => _links.Count;

    /// <summary>Connections that were accepted.</summary>
    public long Accepted => Volatile.Read(ref _accepted);

    /// <summary>Bytes that came to nothing.</summary>
    public long Swallowed => Volatile.Read(ref _swallowed);

    /// <summary>Bytes that were carried no faster than <see cref="BytesPerSecond"/>.</summary>
    public long Slowed => Volatile.Read(ref _slowed);

    /// <summary>Resets all open connections, and says how many there were.</summary>
    public int CutAll()
    {
        var links = _links.Keys.ToList();
        links.ForEach(link => link.Cut());
        return links.Count;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        CutAll();
        _stop.Dispose();
    }

    internal void CountSwallowed(int bytes) => Interlocked.Add(ref _swallowed, bytes);

    internal void CountSlowed(int bytes) => Interlocked.Add(ref _slowed, bytes);

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptSocketAsync(_stop.Token);
            Interlocked.Increment(ref _accepted);
            _ = ServeAsync(new TcpLink(this, client) { IsDead = IsHalfOpen });
        }
    }

    private async Task ServeAsync(TcpLink link)
    {
        _links.TryAdd(link, 0);
        try
        {
            await link.RunAsync(Target, _stop.Token);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One of the two is gone: the other learns it by its connection's end.
        }
        finally
        {
            link.Dispose();
            _links.TryRemove(link, out _);
        }
    }
}
