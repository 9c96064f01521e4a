using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Tests.Watching;
using Jobwatch.Testing;
using Npgsql;
using Xunit;

namespace Jobwatch.StreamService.Tests.WatchingMany;

/// <summary>
/// Holds, until <see cref="ReleaseAsync"/>, the query that fills a selection by labels once it comes to an execution of one tenant's that carries
/// them: what it sees is as old as its beginning, and no other query waits.
/// </summary>
internal sealed class HeldFills(NpgsqlDataSource source, NpgsqlConnection holder) : IAsyncDisposable
{
    // Less than the 30 s after which Npgsql itself gives a query up.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task<HeldFills> HoldAsync(NodeUnderTest node, string tenant)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var source = NpgsqlDataSource.Create(node.ConnectionString);
        await using (var install = source.CreateBatch())
        {
            foreach (var statement in (string[])
            [
                "ALTER TABLE jobwatch.execution RENAME TO execution_rows",
                $"""
                CREATE FUNCTION jobwatch.pass(log bigint) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $pass$
                BEGIN
                  IF current_query() = $query${SelectionSql.LabelledJobs}$query$
                    AND EXISTS (SELECT FROM jobwatch.job WHERE tenant_id = '{tenant}' AND incarnation = log) THEN
                    PERFORM pg_advisory_lock_shared(1);
                    PERFORM pg_advisory_unlock_shared(1);
                  END IF;
                  RETURN true;
                END $pass$
                """,
                "CREATE VIEW jobwatch.execution AS SELECT * FROM jobwatch.execution_rows r WHERE jobwatch.pass(r.incarnation)",
            ])
            {
                install.BatchCommands.Add(new NpgsqlBatchCommand(statement));
            }

            await install.ExecuteNonQueryAsync(cancellation);
        }

        var holder = await source.OpenConnectionAsync(cancellation);
        await using var hold = new NpgsqlCommand("SELECT pg_advisory_lock(1)", holder);
        await hold.ExecuteNonQueryAsync(cancellation);
        return new HeldFills(source, holder);
    }

    /// <summary>Waits until so many fills are held.</summary>
    public async Task HoldsAsync(long fills)
    {
        await using var command = source.CreateCommand(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
        await Eventually.TrueAsync(
            async cancellation => (long)(await command.ExecuteScalarAsync(cancellation))! == fills, Patience, $"{fills} fills are held");
    }

    /// <summary>Ends the held fills' connections, as an operator does.</summary>
    public async Task CutAsync()
    {
        await using var command = source.CreateCommand(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Lets those go on that are held, and holds no more.</summary>
    public async Task ReleaseAsync()
    {
        await using var release = new NpgsqlCommand("SELECT pg_advisory_unlock(1)", holder);
        await release.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await holder.DisposeAsync();
        await source.DisposeAsync();
    }
}
