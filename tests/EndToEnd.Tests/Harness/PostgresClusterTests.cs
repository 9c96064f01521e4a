using Jobwatch.Testing;
using Npgsql;
using Xunit;

namespace Jobwatch.EndToEnd.Tests.Harness;

public sealed class PostgresClusterTests
{
    [Fact]
    public async Task Each_call_gives_another_empty_database()
    {
        string[] created = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PostgresCluster.Shared.CreateDatabaseAsync()));

        Assert.Equal(4, created.Distinct().Count());
        foreach (string connectionString in created)
            Assert.Equal(0L, await ScalarAsync(connectionString, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"));
    }

    [Fact]
    public async Task A_killed_cluster_comes_back_at_the_same_address_with_what_was_committed()
    {
        await using var cluster = new PostgresCluster(fsync: true);
        string connectionString = await cluster.CreateDatabaseAsync();
        await ScalarAsync(connectionString, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)");

        await cluster.KillAsync();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ScalarAsync(connectionString, "SELECT 1"));
        await cluster.StartAsync();

        Assert.Equal(7, await ScalarAsync(connectionString, "SELECT n FROM kept"));
        Assert.Equal("on", await ScalarAsync(connectionString, "SHOW fsync"));
    }

    [Fact]
    public async Task A_stopped_cluster_starts_again()
    {
        await using var cluster = new PostgresCluster(fsync: false);
        string connectionString = await cluster.CreateDatabaseAsync();

        await cluster.StopAsync();
        await cluster.StartAsync();

        Assert.Equal(1, await ScalarAsync(connectionString, "SELECT 1"));
    }

    private static async Task<object?> ScalarAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
