using Jobwatch.StreamService.Journal;
using Jobwatch.Testing;
using Npgsql;
using Xunit;

namespace Jobwatch.StreamService.Tests.Journal;

/// <summary>Queries that are cut off, and who comes to their connection next.</summary>
public sealed class CutOffQueryTests
{
    private const string Waits = "SELECT waits() + $1";

    /// <summary>
    /// PostgreSQL runs what it takes for immutable while it plans: after it has parsed the query and before it says what that returns. The
    /// second use of a query is the one that prepares it.
    /// </summary>
    [Fact]
    public async Task A_query_cut_off_while_it_is_prepared_leaves_nothing_behind_on_its_connection()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var connectionString = await PostgresCluster.Shared.CreateDatabaseAsync();
        await using var source = JournalDatabase.CreateSource(
            new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = 1 }.ConnectionString);
        await using var other = new NpgsqlConnection(connectionString);
        await other.OpenAsync(cancellation);
        await ExecuteAsync(other, """
            CREATE FUNCTION waits() RETURNS int LANGUAGE plpgsql IMMUTABLE AS
            'BEGIN PERFORM pg_advisory_xact_lock(7); RETURN 40; END'
            """);
        var database = new JournalDatabase(source);
        Assert.Equal(41, await AskAsync(database, 1, cancellation));

        await ExecuteAsync(other, "SELECT pg_advisory_lock(7)");
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var cutOff = AskAsync(database, 2, leaving.Token);
        await Eventually.TrueAsync(
            async _ => await ExecuteAsync(other, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") is 1L,
            TimeSpan.FromSeconds(30), "the query waits");
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cutOff);
        await ExecuteAsync(other, "SELECT pg_advisory_unlock(7)");

        Assert.Equal(43, await AskAsync(database, 3, cancellation));
        Assert.Equal(44, await AskAsync(database, 4, cancellation));
    }

    private static Task<int> AskAsync(JournalDatabase database, int number, CancellationToken cancellation) => database.QueryAsync(
        async connection =>
        {
            await using var command = new NpgsqlCommand(Waits, connection);
            command.Parameters.Add(new() { Value = number });
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            Assert.True(await reader.ReadAsync(cancellation));
            return reader.GetInt32(0);
        },
        cancellation);

    private static async Task<object?> ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
