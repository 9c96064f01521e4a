using Jobwatch.Bench.FanOut;
using Jobwatch.Bench.Machine;
using Jobwatch.Testing;

namespace Jobwatch.Bench.Servers;

/// <summary>
/// The servers of a whole run: each is started when the first row asks for it, and serves all rows after it. Those that a row doesn't
/// ask for are stopped meanwhile, so that the others have the machine.
/// </summary>
internal sealed class Stage : IAsyncDisposable
{
    private readonly Dictionary<Type, FanOutServer> _peers = [];
    private readonly HashSet<FanOutServer> _started = [];
    private readonly HashSet<int> _known = [];
    private readonly PostgresCluster _cluster;
    private readonly bool _ownsCluster;
    private Task<NodeStage>? _node;
    private Task<EdgeStage>? _edge;
    private JobwatchServer? _jobwatch;

    public Stage()
        : this(new PostgresCluster(fsync: true), ownsCluster: true)
    {
    }

    // Continues what was stopped, should the bench itself be ended: PostgreSQL's last signal is one it has to act on.
    private Stage(PostgresCluster cluster, bool ownsCluster)
    {
        (_cluster, _ownsCluster) = (cluster, ownsCluster);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => ResumeAll();
    }

    /// <summary>An empty database of the same PostgreSQL; nothing else runs.</summary>
    public async Task<string> DatabaseAsync()
    {
        await PostgresAsync();
        return await _cluster.CreateDatabaseAsync();
    }

    /// <summary>Servers that did nothing before, on a database of their own of the same PostgreSQL. This stage's stand still as long as it isn't asked for them.</summary>
    public async Task<Stage> FreshAsync()
    {
        await PostgresAsync();
        return new Stage(_cluster, ownsCluster: false);
    }

    /// <summary>PostgreSQL and a node; nothing else runs.</summary>
    public async Task<NodeStage> NodeAsync()
    {
        var node = await (_node ??= NodeStage.StartAsync(_cluster));
        Only(node.WholePath);
        return node;
    }

    /// <summary>The same node, with an edge before it; nothing else runs.</summary>
    public async Task<EdgeStage> EdgeAsync()
    {
        var edge = await (_edge ??= StartEdgeAsync());
        Only(edge.WholePath);
        return edge;
    }

    /// <summary>The whole path as one server, started or not.</summary>
    public JobwatchServer Jobwatch => _jobwatch ??= new JobwatchServer(this);

    /// <summary>The one server of a kind, started or not.</summary>
    public TPeer Peer<TPeer>()
        where TPeer : FanOutServer, new() => (TPeer)(_peers.TryGetValue(typeof(TPeer), out var peer) ? peer : _peers[typeof(TPeer)] = new TPeer());

    /// <summary>Between two rows: what the one has left to do to the store is done before the other is measured.</summary>
    public async Task TidyAsync()
    {
        if (_node is { IsCompletedSuccessfully: true })
        {
            await (await NodeAsync()).TidyAsync();
        }
    }

    /// <summary>Lets one server run, starts it if need be, and stops all others.</summary>
    /// <returns>Whether it was started now.</returns>
    public async Task<bool> AloneAsync(FanOutServer server)
    {
        var isNew = !_started.Contains(server);
        if (isNew)
        {
            await server.StartAsync();
            _started.Add(server);
        }

        Only(server.Meter);
        return isNew;
    }

    public async ValueTask DisposeAsync()
    {
        ResumeAll();
        foreach (var peer in _peers.Values)
        {
            await peer.DisposeAsync();
        }

        await EndAsync(_edge);
        await EndAsync(_node);
        if (_ownsCluster)
        {
            await _cluster.DisposeAsync();
        }
    }

    private void Only(Meter running)
    {
        _known.UnionWith(running.ProcessIds);
        foreach (var processId in _known.Except(running.ProcessIds))
        {
            Pausing.Pause(processId);
        }

        foreach (var processId in running.ProcessIds)
        {
            Pausing.Resume(processId);
        }
    }

    private void ResumeAll()
    {
        foreach (var processId in _known)
        {
            Pausing.Resume(processId);
        }
    }

    private async Task PostgresAsync()
    {
        await _cluster.StartAsync();
        Only(new Meter(("postgres", _cluster.Process.Id)));
    }

    private async Task<EdgeStage> StartEdgeAsync() => await EdgeStage.StartAsync(await NodeAsync());

    // One that did not start has told so in its row.
    private static async Task EndAsync<TServer>(Task<TServer>? server)
        where TServer : IAsyncDisposable
    {
        if (server is { IsCompletedSuccessfully: true })
        {
            await (await server).DisposeAsync();
        }
    }
}
