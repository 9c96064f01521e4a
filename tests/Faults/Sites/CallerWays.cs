using System.Net;
using Jobwatch.Testing;

namespace Jobwatch.Faults.Tests.Sites;

/// <summary>Callers' own ways to the nodes and edges, each through a proxy of ours.</summary>
internal sealed class CallerWays : IAsyncDisposable
{
    public CallerWays(IEnumerable<NodeProcess> nodes, IEnumerable<EdgeProcess> edges)
    {
        ToNodes = [.. nodes.Select(node => ProxyTo(node.Address))];
        ToEdges = [.. edges.Select(edge => ProxyTo(edge.Address))];
        Callers = [.. ToNodes.Zip(ToEdges, (node, edge) => new Callers(node.Address, edge.Address, token: null))];
    }

    /// <summary>By side.</summary>
    public IReadOnlyList<TcpProxy> ToNodes { get; }

    /// <inheritdoc cref="ToNodes"/>
    public IReadOnlyList<TcpProxy> ToEdges { get; }

    public IReadOnlyList<TcpProxy> All => [.. ToNodes, .. ToEdges];

    public IReadOnlyList<Callers> Callers { get; }

    /// <summary>Resets all connections, and says how many there were.</summary>
    public int CutAll() => All.Sum(proxy => proxy.CutAll());

    public async ValueTask DisposeAsync()
    {
        foreach (var callers in Callers)
            await callers.DisposeAsync();
        foreach (var proxy in All)
            await proxy.DisposeAsync();
    }

    private static TcpProxy ProxyTo(Uri address) => new(new IPEndPoint(IPAddress.Loopback, address.Port));
}
