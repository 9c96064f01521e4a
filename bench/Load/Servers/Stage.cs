namespace Jobwatch.Bench.Servers;

/// <summary>The servers of a whole run: each is started when the first row asks for it, and serves all rows after it.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private Task<NodeStage>? _node;
    private Task<EdgeStage>? _edge;

    /// <summary>PostgreSQL and a node.</summary>
    public Task<NodeStage> NodeAsync() => _node ??= NodeStage.StartAsync();

    /// <summary>The same node, with an edge before it.</summary>
    public Task<EdgeStage> EdgeAsync() => _edge ??= StartEdgeAsync();

    public async ValueTask DisposeAsync()
    {
        await EndAsync(_edge);
        await EndAsync(_node);
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
