using Jobwatch.SseEdge.Tests.RealNode;
using Jobwatch.Testing;

[assembly: AssemblyFixture(typeof(RealNodeFixture))]

namespace Jobwatch.SseEdge.Tests.RealNode;

/// <summary>A node in its own process on real PostgreSQL, one for all tests that don't harm it.</summary>
public sealed class RealNodeFixture : IAsyncLifetime
{
    private NodeProcess? _node;

    public string Address => _node!.Address.ToString();

    public async ValueTask InitializeAsync()
    {
        _node = new NodeProcess(await PostgresCluster.Shared.CreateDatabaseAsync());
        await _node.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
            await _node.DisposeAsync();
    }
}
