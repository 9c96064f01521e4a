using Jobwatch.Bench.FanOut;
using Jobwatch.Bench.Machine;

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
    private Task<NodeStage>? _node;
    private Task<EdgeStage>? _edge;
    private JobwatchServer? _jobwatch;

    /// <summary>Continues what was stopped, should the bench itself be ended: PostgreSQL's last signal is one it has to act on.</summary>
    public Stage() => AppDomain.CurrentDomain.ProcessExit += (_, _) => ResumeAll();

    /// <summary>PostgreSQL and a node; nothing else runs.</summary>
    public async Task<NodeStage> NodeAsync()
    {
        var node = await (_node ??= NodeStage.StartAsync());
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
