using System.Net;
using Jobwatch.Client;
using Jobwatch.Testing;
using Npgsql;

namespace Jobwatch.Faults.Tests.Sites;

/// <summary>
/// PostgreSQL, two nodes and two edges in processes of their own. Each node reaches the store, and each edge each node, through
/// a proxy of ours.
/// </summary>
internal sealed class Site : IAsyncDisposable
{
    /// <summary>Whose jobs they are: callers need no credentials.</summary>
    public const string Tenant = "local";

    public const int Sides = 2;

    private readonly CommitReplyCutter _cutter;
    private readonly List<Callers> _callers = [];
    private readonly List<ChildProcess> _processes = [];

    private Site(PostgresCluster cluster, string connectionString)
    {
        Cluster = cluster;
        // A pool would hand out connections that PostgreSQL's death has broken.
        ConnectionString = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;
        _cutter = new CommitReplyCutter(cluster.Socket.ToString());
        ToStore = [new TcpProxy(new IPEndPoint(IPAddress.Loopback, _cutter.Port)), new TcpProxy(cluster.Socket)];
        Nodes = [.. ToStore.Select(NodeBehind)];
        ToNodes = [.. Enumerable.Range(0, Sides).Select(_ => Nodes.Select(ProxyTo).ToList())];
        Edges = [.. ToNodes.Select(links => new EdgeProcess([.. links.Select(link => link.Address)]))];
        for (int side = 0; side < Sides; side++)
        {
            Nodes[side].Environment["Watching__HeartbeatInterval"] = "00:00:01";
            Nodes[side].Environment["Watching__DrainSpread"] = "00:00:00.500";
            _callers.Add(new Callers(Nodes[side].Address, Edges[side].Address, token: null));
        }
        Library = new JobwatchClient(new JobwatchClientOptions
        {
            Addresses = [.. Nodes.Select(node => node.Address)],
            MaxBackoff = TimeSpan.FromSeconds(1),
        });
    }

    public PostgresCluster Cluster { get; private set; }

    /// <summary>Past every proxy, for who checks.</summary>
    public string ConnectionString { get; private set; }

    public IReadOnlyList<NodeProcess> Nodes { get; }

    public IReadOnlyList<EdgeProcess> Edges { get; }

    public IReadOnlyList<ServerProcess> Servers => [.. Nodes, .. Edges];

    /// <summary>From each node to the store.</summary>
    public IReadOnlyList<TcpProxy> ToStore { get; }

    /// <summary>From each edge to each node: first the edge, then the node.</summary>
    public IReadOnlyList<IReadOnlyList<TcpProxy>> ToNodes { get; }

    /// <summary>Between the first node and the store.</summary>
    public CommitReplyCutter Cutter => _cutter;

    public IReadOnlyList<Callers> Callers => _callers;

    /// <summary>The product's own client, which knows both nodes.</summary>
    public JobwatchClient Library { get; }

    /// <summary>What goes with the site.</summary>
    public List<IAsyncDisposable> Owned { get; } = [];

    /// <summary>What nodes and edges logged as an error of theirs, the last of each process.</summary>
    public string Errors => string.Join('\n', _processes.SelectMany(process => process.Output.All
        .Where(line => line.Contains("\"LogLevel\":\"Error\"", StringComparison.Ordinal)).TakeLast(5)));

    /// <param name="cluster">Default: one of its own.</param>
    /// <param name="nodeSettings">On top of the defaults.</param>
    public static async Task<Site> StartAsync(PostgresCluster? cluster = null, params IEnumerable<(string Name, string Value)> nodeSettings)
    {
        cluster ??= new PostgresCluster(fsync: true);
        var site = new Site(cluster, await cluster.CreateDatabaseAsync());
        foreach (var (name, value) in nodeSettings)
        {
            foreach (var node in site.Nodes)
                node.Environment[name] = value;
        }
        try
        {
            await Task.WhenAll(site.Nodes.Select(site.StartAsync));
            await Task.WhenAll(site.Edges.Select(site.StartAsync));
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a node or an edge, also again.</summary>
    public async Task StartAsync(ServerProcess server)
    {
        await server.StartAsync();
        _processes.Add(server.Child);
    }

    /// <summary>Another cluster has the database from now on.</summary>
    public void MoveTo(PostgresCluster cluster)
    {
        ConnectionString = cluster.ConnectionStringLike(ConnectionString);
        Cluster = cluster;
        foreach (var proxy in ToStore)
        {
            proxy.Target = cluster.Socket;
            proxy.CutAll();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Library.DisposeAsync();
        foreach (var callers in _callers)
            await callers.DisposeAsync();
        foreach (ServerProcess server in Servers)
            await server.DisposeAsync();
        foreach (var proxy in ToNodes.SelectMany(links => links).Concat(ToStore))
            await proxy.DisposeAsync();
        await _cutter.DisposeAsync();
        await Cluster.DisposeAsync();
        foreach (var owned in Owned)
            await owned.DisposeAsync();
    }

    private static TcpProxy ProxyTo(NodeProcess node) => new(new IPEndPoint(IPAddress.Loopback, node.Address.Port));

    private NodeProcess NodeBehind(TcpProxy proxy)
    {
        var direct = new NpgsqlConnectionStringBuilder(ConnectionString)
        {
            Pooling = true,
            Host = "127.0.0.1",
            Port = proxy.Port,
            // A store that swallows what it is asked is away like one that refuses.
            Timeout = 5,
            CommandTimeout = 10,
        };
        return new NodeProcess(direct.ConnectionString);
    }
}
