using Jobwatch.Testing;

namespace Jobwatch.EndToEnd.Tests.Deployments;

/// <summary>A database, a node or more and an edge or more in processes of their own, with two tenants who may use the same ids.</summary>
internal sealed class Deployment : IAsyncDisposable
{
    public static readonly IReadOnlyList<string> Tenants = ["red", "blue"];

    private readonly string _tokens;
    private readonly Dictionary<string, Callers> _callers;
    private readonly List<ChildProcess> _processes = [];
    private readonly List<NodeProcess> _nodes;
    private readonly List<Callers> _moreCallers = [];

    private Deployment(string connectionString, int nodes, int edges)
    {
        ConnectionString = connectionString;
        _tokens = Path.Combine(Path.GetTempPath(), $"jobwatch-tokens-{Guid.CreateVersion7():n}");
        File.WriteAllLines(_tokens, Tenants.Select(tenant => $"{tenant} {TokenOf(tenant)}"));
        _nodes = [.. Enumerable.Range(0, nodes).Select(_ => new NodeProcess(connectionString))];
        foreach (var node in Nodes)
            node.Environment["Tenancy__TokensFile"] = _tokens;
        Edges = [.. Enumerable.Range(0, edges).Select(_ => new EdgeProcess([.. Nodes.Select(node => node.Address)]))];
        _callers = Tenants.ToDictionary(tenant => tenant, tenant => new Callers(Node.Address, Edge.Address, TokenOf(tenant)));
        Local = new Callers(Node.Address, Edge.Address, token: null);
    }

    public string ConnectionString { get; }

    public IReadOnlyList<NodeProcess> Nodes => _nodes;

    public IReadOnlyList<EdgeProcess> Edges { get; }

    /// <summary>The first node.</summary>
    public NodeProcess Node => Nodes[0];

    /// <summary>The first edge, in front of all nodes.</summary>
    public EdgeProcess Edge => Edges[0];

    /// <summary>A caller without credentials: tenant <c>local</c>.</summary>
    public Callers Local { get; }

    /// <summary>Starts node and edge on a database of their own.</summary>
    /// <param name="cluster">Default: the shared one, which nobody may kill.</param>
    /// <param name="settings">Of the node or, where the name begins with Edge, of the edge.</param>
    public static Task<Deployment> StartAsync(
        PostgresCluster? cluster = null, params IEnumerable<(string Name, string Value)> settings) => StartAsync(1, 1, cluster, settings);

    /// <summary>Starts so many nodes, and so many edges in front of all of them.</summary>
    public static async Task<Deployment> StartAsync(
        int nodes, int edges, PostgresCluster? cluster = null, params IEnumerable<(string Name, string Value)> settings)
    {
        var deployment = new Deployment(await (cluster ?? PostgresCluster.Shared).CreateDatabaseAsync(), nodes, edges);
        ServerProcess[] servers = [.. deployment.Nodes, .. deployment.Edges];
        foreach (var (name, value) in settings)
        {
            foreach (var server in servers.Where(server => server is EdgeProcess == name.StartsWith("Edge", StringComparison.Ordinal)))
                server.Environment[name] = value;
        }
        foreach (var server in servers)
            await deployment.StartAsync(server);
        return deployment;
    }

    /// <summary>What the processes of node and edge logged above information, the last of each.</summary>
    public string Complaints => string.Join('\n', _processes.SelectMany(process => process.Output.All.Where(IsComplaint).TakeLast(10)));

    /// <summary>What they logged as an error of theirs.</summary>
    public string Errors => string.Join('\n', _processes.SelectMany(process => process.Output.All.Where(IsError)));

    public static string TokenOf(string tenant) => $"token-of-{tenant}";

    /// <summary>Starts a node or an edge, also again.</summary>
    public async Task StartAsync(ServerProcess server)
    {
        await server.StartAsync();
        _processes.Add(server.Child);
    }

    /// <summary>Starts another node on the same database, with the first one's settings. The edges don't know of it.</summary>
    public async Task<NodeProcess> AddNodeAsync()
    {
        var node = new NodeProcess(ConnectionString);
        foreach (var (name, value) in Node.Environment)
            node.Environment[name] = value;
        _nodes.Add(node);
        await StartAsync(node);
        return node;
    }

    /// <summary>A caller of one of the nodes, without credentials: tenant <c>local</c>.</summary>
    public Callers At(NodeProcess node)
    {
        var callers = new Callers(node.Address, Edge.Address, token: null);
        _moreCallers.Add(callers);
        return callers;
    }

    public Callers As(string tenant) => _callers[tenant];

    private static bool IsComplaint(string line) => !line.Contains("\"LogLevel\":\"Information\"", StringComparison.Ordinal);

    private static bool IsError(string line) => line.Contains("\"LogLevel\":\"Error\"", StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        foreach (var callers in _callers.Values.Concat(_moreCallers))
            await callers.DisposeAsync();
        await Local.DisposeAsync();
        foreach (var edge in Edges)
            await edge.DisposeAsync();
        foreach (var node in Nodes)
            await node.DisposeAsync();
        File.Delete(_tokens);
    }
}
