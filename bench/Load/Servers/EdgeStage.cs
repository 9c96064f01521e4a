using Jobwatch.Bench.Machine;
using Jobwatch.Testing;

namespace Jobwatch.Bench.Servers;

/// <summary>An edge in a process of its own, before a node.</summary>
internal sealed class EdgeStage : IAsyncDisposable
{
    private readonly NodeStage _node;
    private readonly EdgeProcess _edge;

    private EdgeStage(NodeStage node)
    {
        _node = node;
        _edge = new EdgeProcess(node.Node);
    }

    public NodeStage Node => _node;

    public Uri Edge => _edge.Address;

    public int EdgeProcessId => _edge.Child.Id;

    /// <summary>Measures work that all three do.</summary>
    public Meter WholePath => _node.WholePath.With("edge", _edge.Child.Id);

    public static async Task<EdgeStage> StartAsync(NodeStage node)
    {
        var stage = new EdgeStage(node);
        await stage._edge.StartAsync();
        return stage;
    }

    public ValueTask DisposeAsync() => _edge.DisposeAsync();
}
