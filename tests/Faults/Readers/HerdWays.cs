using System.Net;
using Jobwatch.Faults.Tests.Sites;
using Jobwatch.Testing;
using Jobwatch.Testing.Watching;

namespace Jobwatch.Faults.Tests.Readers;

/// <summary>Ways to the nodes and edges that nobody else uses, so that they can be cut.</summary>
internal sealed class HerdWays : IAsyncDisposable
{
    private readonly List<TcpProxy> _proxies = [];
    private readonly List<Callers> _callers = [];

    public HerdWays(Site site)
    {
        for (int side = 0; side < Site.Sides; side++)
            _callers.Add(new Callers(ProxyTo(site.Nodes[side].Address), ProxyTo(site.Edges[side].Address), token: null));
    }

    public IReadOnlyList<Transport> OverGrpc => [.. _callers.Select(callers => callers.OverGrpc)];

    public IReadOnlyList<Transport> OverSse => [.. _callers.Select(callers => callers.OverSse)];

    /// <summary>Resets all connections, and says how many there were.</summary>
    public int CutAll() => _proxies.Sum(proxy => proxy.CutAll());

    public async ValueTask DisposeAsync()
    {
        foreach (var callers in _callers)
            await callers.DisposeAsync();
        foreach (var proxy in _proxies)
            await proxy.DisposeAsync();
    }

    private Uri ProxyTo(Uri address)
    {
        var proxy = new TcpProxy(new IPEndPoint(IPAddress.Loopback, address.Port));
        _proxies.Add(proxy);
        return proxy.Address;
    }
}
