using Jobwatch.Bench.Machine;
using Jobwatch.Bench.Peers.Postgres;
using Jobwatch.Testing;
using Npgsql;

namespace Jobwatch.Bench.Servers;

/// <summary>PostgreSQL with fsync and a node before it, each in processes of their own.</summary>
internal sealed class NodeStage : IAsyncDisposable
{
    private const int TidyTimeoutSeconds = 120;

    private readonly PostgresCluster _cluster = new(fsync: true);
    private NodeProcess? _node;
    private int _jobs;

    private NodeStage()
    {
    }

    public string ConnectionString { get; private set; } = "";

    public Uri Node => _node!.Address;

    /// <summary>The node's /metrics and /readyz.</summary>
    public Uri Monitoring => _node!.MonitoringAddress;

    public int NodeProcessId => _node!.Child.Id;

    public int PostgresProcessId => _cluster.Process.Id;

    /// <summary>Measures work that the node and PostgreSQL do.</summary>
    public Meter WholePath => new(("node", _node!.Child.Id), ("postgres", _cluster.Process.Id));

    /// <summary>Measures work that PostgreSQL does alone; the node stands by.</summary>
    public Meter Postgres => new(("postgres", _cluster.Process.Id));

    public static async Task<NodeStage> StartAsync()
    {
        var stage = new NodeStage();
        stage.ConnectionString = await stage._cluster.CreateDatabaseAsync();
        await PeerTable.CreateAsync(stage.ConnectionString);
        stage._node = new NodeProcess(stage.ConnectionString);
        await stage._node.StartAsync();
        return stage;
    }

    /// <summary>A job id that no run had yet.</summary>
    public string NewJob() => $"bench-{Interlocked.Increment(ref _jobs)}";

    /// <summary>
    /// Does what PostgreSQL would do by itself in the minutes after millions of events, and beside what is measured then: a commit's flush waits up to
    /// a second for what a checkpoint and autovacuum have written.
    /// </summary>
    public async Task TidyAsync()
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        foreach (var statement in new[] { "VACUUM (ANALYZE)", "CHECKPOINT" })
        {
            await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = TidyTimeoutSeconds };
            await command.ExecuteNonQueryAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }

        await _cluster.DisposeAsync();
    }
}
