using System.Globalization;
using Jobwatch.Testing;

namespace Jobwatch.Faults.Tests.Sites;

/// <summary>Redis, and from each node a way to it through a proxy of ours.</summary>
internal sealed class RedisWays : IAsyncDisposable
{
    private RedisWays() => FromNodes = [.. Enumerable.Range(0, Site.Sides).Select(_ => new TcpProxy(Server.Socket))];

    public RedisServer Server { get; } = new();

    /// <summary>By side.</summary>
    public IReadOnlyList<TcpProxy> FromNodes { get; }

    public static async Task<RedisWays> StartAsync()
    {
        var ways = new RedisWays();
        await ways.Server.StartAsync();
        return ways;
    }

    /// <summary>What tells a node of its way.</summary>
    public IEnumerable<(string Name, string Value)> SettingsOf(int side) =>
    [
        ("Hints__Transport", "Redis"),
        ("Hints__Redis", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{FromNodes[side].Port}")),
    ];

    public async ValueTask DisposeAsync()
    {
        foreach (var way in FromNodes)
            await way.DisposeAsync();
        await Server.DisposeAsync();
    }
}
