using System.Globalization;
using Jobwatch.Testing;

namespace Jobwatch.Faults.Tests.Sites;

/// <summary>Redis, to be started, and from each node a way to it through a proxy of ours.</summary>
internal sealed class RedisWays : IAsyncDisposable
{
    public RedisWays() => FromNodes = [.. Enumerable.Range(0, Site.Sides).Select(_ => new TcpProxy(Server.Socket))];

    public RedisServer Server { get; } = new();

    /// <summary>By side.</summary>
    public IReadOnlyList<TcpProxy> FromNodes { get; }

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
