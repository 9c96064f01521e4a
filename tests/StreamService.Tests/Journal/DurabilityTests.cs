using Jobwatch.StreamService.Journal;
using Jobwatch.Testing;
using Npgsql;
using Xunit;

namespace Jobwatch.StreamService.Tests.Journal;

public sealed class DurabilityTests
{
    [Theory]
    [InlineData("off", "on")]
    [InlineData("local", "local")]
    [InlineData("remote_apply", "remote_apply")]
    public async Task Commits_are_flushed_whatever_the_database_says_and_stricter_settings_stay(string setting, string inForce)
    {
        var connectionString = await PostgresCluster.Shared.CreateDatabaseAsync();
        var name = new NpgsqlConnectionStringBuilder(connectionString).Database;
        await using (var admin = NpgsqlDataSource.Create(connectionString))
        {
            await using var alter = admin.CreateCommand($"ALTER DATABASE \"{name}\" SET synchronous_commit = {setting}");
            await alter.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await using var source = JournalDatabase.CreateSource(connectionString);
        await using var show = source.CreateCommand("SHOW synchronous_commit");
        Assert.Equal(inForce, await show.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("idle_in_transaction_session_timeout", "10s")]
    [InlineData("tcp_keepalives_idle", "10")]
    [InlineData("tcp_keepalives_interval", "5")]
    [InlineData("tcp_keepalives_count", "3")]
    public async Task PostgreSQL_soon_lets_go_of_a_node_whose_machine_is_gone(string setting, string inForce)
    {
        await using var source = JournalDatabase.CreateSource(await PostgresCluster.Shared.CreateDatabaseAsync());
        await using var show = source.CreateCommand("SELECT reset_val || coalesce(CASE unit WHEN 'ms' THEN 'ms' END, '') FROM pg_settings WHERE name = $1");
        show.Parameters.Add(new() { Value = setting });
        Assert.Equal(inForce.Replace("10s", "10000ms", StringComparison.Ordinal), await show.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_transaction_that_stands_still_frees_its_locks_and_its_node_takes_that_for_a_passing_fault()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var settings = new NpgsqlConnectionStringBuilder(await PostgresCluster.Shared.CreateDatabaseAsync())
        {
            Options = "-c idle_in_transaction_session_timeout=50ms",
        };
        await using var source = JournalDatabase.CreateSource(settings.ConnectionString);
        await using var still = await source.OpenConnectionAsync(cancellation);
        await using var take = new NpgsqlCommand("BEGIN; SELECT pg_advisory_xact_lock(1)", still);
        await take.ExecuteNonQueryAsync(cancellation);
        await using var takeToo = source.CreateCommand("SELECT pg_advisory_lock(1)");
        await takeToo.ExecuteNonQueryAsync(cancellation);

        var fault = await Assert.ThrowsAnyAsync<Exception>(() => take.ExecuteNonQueryAsync(cancellation));
        Assert.Equal("25P03", Assert.IsType<PostgresException>(fault).SqlState);
        Assert.True(StoreFaults.IsAway(fault));
    }
}
