using Jobwatch.Testing;
using Npgsql;
using Xunit;

namespace Jobwatch.StreamService.Tests.Hints;

public sealed class PostgresHintsTests : HintExchangeTests
{
    private const string HintBackends = "FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'jobwatch-hints'";

    private protected override (string Key, string Value)[] Settings => [];

    [Fact]
    public async Task A_killed_backend_is_replaced_and_all_is_looked_at_and_heard_again()
    {
        var (one, other) = (await StartAsync(), await StartAsync());
        await other.WatchAsync(Job);
        await ExecuteAsync($"SELECT count(pg_terminate_backend(pid)) {HintBackends}");
        await one.LinkedAsync(times: 2);
        await other.LinkedAsync(times: 2);
        // The store is to be looked at as a whole once more.
        Assert.Equal([0, 1, 0], other.Listening.Select(channels => channels.Count));

        one.Commit(Job, 5);
        await other.HeardAsync(Job, 5);
    }

    [Fact]
    public async Task A_backend_that_no_longer_answers_is_noticed()
    {
        var node = await StartAsync();
        var backend = Assert.IsType<int>(await ExecuteAsync($"SELECT pid {HintBackends} AND query LIKE 'LISTEN%'"));
        PostgresCluster.Signal(backend, UnixSignal.SigStop);
        try
        {
            await node.LinkedAsync(times: 2);
        }
        finally
        {
            PostgresCluster.Signal(backend, UnixSignal.SigCont);
        }
    }

    [Fact]
    public async Task Each_node_has_two_connections_however_much_it_listens_to()
    {
        var node = await StartAsync();
        for (var i = 0; i < 1000; i++)
        {
            node.Interest.Add(Job with { JobId = $"job-{i}" });
        }

        await node.WatchAsync(Job with { JobId = "last" });
        Assert.Equal(2L, await ExecuteAsync($"SELECT count(*) {HintBackends}"));
        Assert.InRange(node.Interest.Count, 200, 256);
    }

    private async Task<object?> ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
