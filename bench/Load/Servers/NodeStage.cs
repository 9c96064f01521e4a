using Jobwatch.Bench.Machine;
using Jobwatch.Bench.Peers.Postgres;
using Jobwatch.Testing;
using Npgsql;

namespace Jobwatch.Bench.Servers;

/// <summary>A node in a process of its own, before PostgreSQL.</summary>
internal sealed class NodeStage : IAsyncDisposable
{
    private const int TidyTimeoutSeconds = 120;

    private readonly PostgresCluster _cluster;
    private readonly NodeProcess _node;
    private int _jobs;

    private NodeStage(PostgresCluster cluster, string connectionString)
    {
        _cluster = cluster;
        ConnectionString = connectionString;
        _node = new NodeProcess(connectionString);
    }

    public string ConnectionString { get; }

    public Uri Node => _node.Address;

    /// <summary>The node's /metrics and /readyz.</summary>
    public Uri Monitoring => _node.MonitoringAddress;

    public int NodeProcessId => _node.Child.Id;

    public int PostgresProcessId => _cluster.Process.Id;

    /// <summary>Measures work that the node and PostgreSQL do.</summary>
    public Meter WholePath => new(("node", _node.Child.Id), ("postgres", _cluster.Process.Id));

    /// <summary>Measures work that PostgreSQL does alone; the node stands by.</summary>
    public Meter Postgres => new(("postgres", _cluster.Process.Id));

    /// <summary>A node on a database of its own.</summary>
    public static async Task<NodeStage> StartAsync(PostgresCluster cluster)
    {
        var stage = new NodeStage(cluster, await cluster.CreateDatabaseAsync());
        await PeerTable.CreateAsync(stage.ConnectionString);
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
        // Not the system's tables: nothing is done to them here, and they are most of all there are.
        await using var list = new NpgsqlCommand("SELECT string_agg(relid::regclass::text, ', ') FROM pg_stat_user_tables", connection);
        var tables = (string)(await list.ExecuteScalarAsync())!;
        foreach (var statement in new[] { $"VACUUM (ANALYZE) {tables}", "CHECKPOINT" })
        {
            await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = TidyTimeoutSeconds };
            await command.ExecuteNonQueryAsync();
        }
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();
}
