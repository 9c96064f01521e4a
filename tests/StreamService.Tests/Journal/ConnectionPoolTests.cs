using Jobwatch.StreamService.Journal;
using Jobwatch.Testing;
using Npgsql;
using Xunit;

namespace Jobwatch.StreamService.Tests.Journal;

public sealed class ConnectionPoolTests
{
    private const int Rush = 20;

    /// <summary>Through all of them, in turn, a lone replay would read several times slower.</summary>
    [Fact]
    public async Task Connections_that_a_rush_opened_are_closed_soon()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var connectionString = await PostgresCluster.Shared.CreateDatabaseAsync();
        await using var source = JournalDatabase.CreateSource(connectionString);
        await using var onlooker = NpgsqlDataSource.Create(connectionString);
        await using var count = onlooker.CreateCommand(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'jobwatch'");

        var rush = await Task.WhenAll(Enumerable.Range(0, Rush).Select(_ => source.OpenConnectionAsync(cancellation).AsTask()));
        Assert.Equal((long)Rush, await count.ExecuteScalarAsync(cancellation));
        foreach (var connection in rush)
        {
            await connection.DisposeAsync();
        }

        await Eventually.TrueAsync(
            async _ => await count.ExecuteScalarAsync(cancellation) is <= 4L, TimeSpan.FromSeconds(60), "the connections are closed");
    }

    [Fact]
    public async Task A_lifetime_that_the_connection_string_has_stays()
    {
        await using var source = JournalDatabase.CreateSource("Host=localhost;Connection Idle Lifetime=77");
        Assert.Equal(77, new NpgsqlConnectionStringBuilder(source.ConnectionString).ConnectionIdleLifetime);
    }
}
