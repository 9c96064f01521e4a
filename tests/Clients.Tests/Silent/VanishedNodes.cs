using System.Net;
using Jobwatch.Client;
using Jobwatch.Clients.Tests.Scripted;
using Jobwatch.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Jobwatch.Clients.Tests.Silent;

/// <summary>
/// Two nodes, each behind a proxy at which its machine can vanish: connections stay and carry nothing. The clock is the test's own, so the
/// limit passes before the first ping of the connection is due.
/// </summary>
internal sealed class VanishedNodes : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(12);

    private readonly List<TcpProxy> _proxies;

    private VanishedNodes(List<ScriptedNode> nodes)
    {
        Nodes = nodes;
        _proxies = [.. nodes.Select(node => new TcpProxy(IPEndPoint.Parse(node.Address.Authority)))];
        Client = new JobwatchClient(new JobwatchClientOptions
        {
            Addresses = [.. _proxies.Select(proxy => proxy.Address)],
            InitialBackoff = TimeSpan.FromMilliseconds(1),
            TimeProvider = Time,
        });
    }

    internal static TimeSpan Limit { get; } = new JobwatchClientOptions().SilenceLimit;

    internal FakeTimeProvider Time { get; } = new();

    internal IReadOnlyList<ScriptedNode> Nodes { get; }

    internal JobwatchClient Client { get; }

    internal static async Task<VanishedNodes> StartAsync() => new([await ScriptedNode.StartAsync(), await ScriptedNode.StartAsync()]);

    /// <summary>Both are connected, so that calls come to them in turn.</summary>
    internal Task ConnectedAsync() => Eventually.TrueAsync(
        async _ =>
        {
            await Client.AppendAsync("j", [new()], TestContext.Current.CancellationToken);
            return Nodes.All(node => !node.Records.Requests.IsEmpty);
        },
        Deadline, "both are connected");

    internal TcpProxy Vanish(ScriptedNode node)
    {
        var proxy = _proxies[Nodes.ToList().IndexOf(node)];
        proxy.IsHalfOpen = true;
        return proxy;
    }

    internal ScriptedNode Other(ScriptedNode node) => Nodes.Single(other => other != node);

    /// <summary>Lets the limit pass, and then the short waits between tries, until it is done.</summary>
    internal async Task<T> AfterSilenceAsync<T>(Task<T> task)
    {
        Time.Advance(Limit);
        await Eventually.TrueAsync(
            () =>
            {
                Time.Advance(TimeSpan.FromMilliseconds(10));
                return task.IsCompleted;
            },
            Deadline, "the call goes on elsewhere");
        return await task;
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        foreach (var proxy in _proxies)
            await proxy.DisposeAsync();
        foreach (var node in Nodes)
            await node.DisposeAsync();
    }
}
