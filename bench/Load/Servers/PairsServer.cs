using Jobwatch.Bench.FanOut;
using Jobwatch.Bench.Machine;
using Jobwatch.Bench.Watching;
using Jobwatch.Testing;

namespace Jobwatch.Bench.Servers;

/// <summary>Two nodes and two edges over one PostgreSQL. Producers use the first node; watchers take the edges in turn, each with a node of its own.</summary>
internal sealed class PairsServer(Stage stage) : FanOutServer("2 nodes, 2 edges")
{
    private readonly JobwatchServer _first = new(stage);
    private EdgeStage? _servers;
    private NodeProcess? _node;
    private EdgeProcess? _edge;
    private int _watchers;

    public override bool CompilesAsItRuns => true;

    public override Meter Meter => _servers!.WholePath.With("node 2", _node!.Child.Id).With("edge 2", _edge!.Child.Id);

    public override async Task StartAsync()
    {
        _servers = await stage.EdgeAsync();
        await _first.StartAsync();
        _node = new NodeProcess(_servers.Node.ConnectionString);
        await _node.StartAsync();
        _edge = new EdgeProcess(_node.Address);
        await _edge.StartAsync();
    }

    public override IReadOnlyList<string> MakeTopics(int count) => _first.MakeTopics(count);

    public override Watcher Watch(string topic) =>
        Interlocked.Increment(ref _watchers) % 2 == 0 ? _first.Watch(topic) : new JobwatchWatcher(_edge!.Address, $"{topic}:watch", last: 1);

    public override Publisher Publish(IReadOnlyList<string> topics, int underWay) => _first.Publish(topics, underWay);

    public override async ValueTask DisposeAsync()
    {
        if (_edge is not null)
        {
            await _edge.DisposeAsync();
        }

        if (_node is not null)
        {
            await _node.DisposeAsync();
        }
    }
}
