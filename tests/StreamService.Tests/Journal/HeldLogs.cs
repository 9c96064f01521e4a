using Jobwatch.StreamService.Journal;
using Jobwatch.Testing;
using Npgsql;
using Xunit;

namespace Jobwatch.StreamService.Tests.Journal;

/// <summary>Logs that another transaction holds, until this is disposed of: whoever wants to lock them waits.</summary>
internal sealed class HeldLogs(NpgsqlDataSource source, NpgsqlConnection connection) : IAsyncDisposable
{
    private const string Lock = "SELECT 1 FROM jobwatch.mt_streams WHERE starts_with(id, $1 || '/' || $2 || '/') FOR UPDATE";

    private const string LockJobs = "LOCK TABLE jobwatch.job IN ACCESS EXCLUSIVE MODE";

    private const string Make =
        "INSERT INTO jobwatch.job (tenant_id, job_id, incarnation, floor, execution_count, created_at) VALUES ($1, $2, 1, 0, 0, now())";

    /// <summary>Holds logs that are there.</summary>
    public static Task<HeldLogs> HoldAsync(NpgsqlDataSource source, params IEnumerable<JobKey> jobs) => BeginAsync(source, Lock, jobs.Select(Key));

    /// <summary>Makes a job and doesn't end the transaction: whoever wants to make it waits.</summary>
    public static Task<HeldLogs> MakeAsync(NpgsqlDataSource source, JobKey job) => BeginAsync(source, Make, [Key(job)]);

    /// <summary>Holds the table of jobs: whoever looks for one waits.</summary>
    public static Task<HeldLogs> HoldJobsAsync(NpgsqlDataSource source) => BeginAsync(source, LockJobs, [[]]);

    /// <summary>Runs a statement, commits it, and holds no more.</summary>
    public async Task LetGoAsync(string statement)
    {
        await using var command = new NpgsqlCommand($"{statement}; COMMIT", connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits until so many commits or queries wait for a lock.</summary>
    public async Task HasWaitersAsync(long waiters)
    {
        await using var command = source.CreateCommand(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
        await Eventually.TrueAsync(
            async cancellation => (long)(await command.ExecuteScalarAsync(cancellation))! == waiters,
            TimeSpan.FromSeconds(30),
            $"{waiters} wait for a lock");
    }

    /// <summary>Ends the connections of those that wait, as an operator or a restart does.</summary>
    public async Task CutWaitersAsync()
    {
        await using var command = source.CreateCommand(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    // A connection that is closed rolls back.
    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private static object[] Key(JobKey job) => [job.Tenant, job.JobId];

    private static async Task<HeldLogs> BeginAsync(NpgsqlDataSource source, string sql, params IEnumerable<object[]> parameters)
    {
        var connection = new NpgsqlConnection(source.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        foreach (var values in parameters)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            foreach (var value in values)
            {
                command.Parameters.Add(new() { Value = value });
            }

            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        return new HeldLogs(source, connection);
    }
}
