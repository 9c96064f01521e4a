using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Jobwatch.Testing;

/// <summary>A real redis-server on a free port of the loopback address. It keeps nothing: whoever starts it again finds it empty.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly int _port = Ports.Free();
    private ChildProcess? _redis;

    /// <summary>Its address, as StackExchange.Redis takes it.</summary>
    public string Address => $"127.0.0.1:{_port}";

    /// <summary>The same, for who connects to it.</summary>
    public IPEndPoint Socket => new(IPAddress.Loopback, _port);

    /// <summary>The running process, or the last one.</summary>
    public ChildProcess Process => _redis ?? throw new InvalidOperationException("Not started.");

    /// <summary>Starts it, or after <see cref="KillAsync"/> starts it again on the same port.</summary>
    public async Task StartAsync()
    {
        if (_redis is { HasExited: false })
            throw new InvalidOperationException("Started already.");
        _redis = ChildProcess.Start(new ChildCommand("redis-server", "--port", $"{_port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"));
        await _redis.WaitForLineAsync("Ready to accept connections");
    }

    public Task KillAsync() => Process.KillAsync();

    /// <summary>The channels that somebody has subscribed to in the sharded way.</summary>
    public async Task<IReadOnlyList<string>> ShardedChannelsAsync(CancellationToken cancellationToken)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync("127.0.0.1", _port, cancellationToken);
        await using var stream = connection.GetStream();
        await stream.WriteAsync("PUBSUB SHARDCHANNELS\r\n"u8.ToArray(), cancellationToken);
        using var reader = new StreamReader(stream);
        // An array: *N, then for each a line $LENGTH and the line itself.
        string header = await reader.ReadLineAsync(cancellationToken) ?? "";
        var channels = new List<string>();
        for (int left = int.Parse(header.AsSpan(1), CultureInfo.InvariantCulture); left > 0; left--)
        {
            await reader.ReadLineAsync(cancellationToken);
            channels.Add(await reader.ReadLineAsync(cancellationToken) ?? "");
        }
        return channels;
    }

    public async ValueTask DisposeAsync()
    {
        if (_redis is not null)
            await _redis.DisposeAsync();
    }
}
