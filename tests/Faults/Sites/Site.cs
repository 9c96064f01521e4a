using System.Net;
using Jobwatch.Client;
using Jobwatch.Testing;
using Npgsql;

namespace Jobwatch.Faults.Tests.Sites;

/// <summary>
/// PostgreSQL, two nodes and two edges in processes of their own; where it is asked for, Redis. Each node reaches the store, and
/// Redis, and each edge each node, through a proxy of ours; where it is asked for, callers reach nodes and edges so too.
/// </summary>
internal sealed class Site : IAsyncDisposable
{
    /// <summary>Whose jobs they are: callers need no credentials.</summary>
    public const string Tenant = "local";

    public const int Sides = 2;

    private readonly CommitReplyCutter _cutter;
    private readonly List<ChildProcess> _processes = [];

    private Site(SitePlan plan, PostgresCluster cluster, string connectionString, RedisWays? redis)
    {
        Cluster = cluster;
        Redis = redis;
        // A pool would hand out connections that PostgreSQL's death has broken.
        ConnectionString = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;
        _cutter = new CommitReplyCutter(cluster.Socket.ToString());
        ToStore = [new TcpProxy(new IPEndPoint(IPAddress.Loopback, _cutter.Port)), new TcpProxy(cluster.Socket)];
        Nodes = [.. ToStore.Select(NodeBehind)];
        ToNodes = [.. Enumerable.Range(0, Sides).Select(_ => Nodes.Select(ProxyTo).ToList())];
        Edges = [.. ToNodes.Select(links => new EdgeProcess([.. links.Select(link => link.Address)]))];
        for (int side = 0; side < Sides; side++)
        {
            (string Name, string Value)[] usual = [("Watching__HeartbeatInterval", "00:00:01"), ("Watching__DrainSpread", "00:00:00.500")];
            foreach (var (name, value) in usual.Concat(redis?.SettingsOf(side) ?? []).Concat(plan.NodeSettings))
                Nodes[side].Environment[name] = value;
        }
        Ways = plan.HasCallerWays ? new CallerWays(Nodes, Edges) : null;
        Callers = Ways?.Callers ?? [.. Nodes.Zip(Edges, (node, edge) => new Callers(node.Address, edge.Address, token: null))];
        Library = new JobwatchClient(new JobwatchClientOptions
        {
            Addresses = [.. Ways?.ToNodes.Select(way => way.Address) ?? Nodes.Select(node => node.Address)],
            MaxBackoff = TimeSpan.FromSeconds(1),
            // A heartbeat comes each second.
            SilenceLimit = TimeSpan.FromSeconds(3),
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

    /// <summary>Between the nodes and Redis; null where PostgreSQL carries the hints.</summary>
    public RedisWays? Redis { get; }

    /// <summary>Between callers and the servers; null where they reach them directly.</summary>
    public CallerWays? Ways { get; }

    public IReadOnlyList<Callers> Callers { get; }

    /// <summary>The product's own client, which knows both nodes.</summary>
    public JobwatchClient Library { get; }

    /// <summary>What goes with the site.</summary>
    public List<IAsyncDisposable> Owned { get; } = [];

    /// <summary>What nodes and edges logged as an error of theirs, the last of each process.</summary>
    public string Errors => string.Join('\n', _processes.SelectMany(process => process.Output.All
        .Where(line => line.Contains("\"LogLevel\":\"Error\"", StringComparison.Ordinal)).TakeLast(5)));

    /// <param name="plan">Default: the usual.</param>
    public static async Task<Site> StartAsync(SitePlan? plan = null)
    {
        plan ??= new SitePlan();
        var cluster = plan.Cluster ?? new PostgresCluster(fsync: true);
        var redis = plan.HasRedis ? new RedisWays() : null;
        Site? site = null;
        try
        {
            if (redis is not null)
                await redis.Server.StartAsync();
            site = new Site(plan, cluster, await cluster.CreateDatabaseAsync(), redis);
            await Task.WhenAll(site.Nodes.Select(site.StartAsync));
            await Task.WhenAll(site.Edges.Select(site.StartAsync));
            return site;
        }
        catch
        {
            if (site is not null)
                await site.DisposeAsync();
            else
                await cluster.DisposeAsync();
            if (site is null && redis is not null)
                await redis.DisposeAsync();
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
        foreach (var callers in Ways is null ? Callers : [])
            await callers.DisposeAsync();
        if (Ways is not null)
            await Ways.DisposeAsync();
        foreach (ServerProcess server in Servers)
            await server.DisposeAsync();
        foreach (var proxy in ToNodes.SelectMany(links => links).Concat(ToStore))
            await proxy.DisposeAsync();
        await _cutter.DisposeAsync();
        if (Redis is not null)
            await Redis.DisposeAsync();
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
