using Jobwatch.StreamService.Journal;
using Jobwatch.Testing;
using Jobwatch.V1;
using Npgsql;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;

namespace Jobwatch.StreamService.Tests.Journal;

/// <summary>What appends that share a commit do to each other, and commits of two nodes that share logs.</summary>
public sealed class SharedCommitTests
{
    [Fact]
    public async Task A_batch_that_comes_twice_into_one_commit_is_of_one_execution()
    {
        await using var journal = await JournalUnderTest.StartAsync();
        await journal.AppendAsync(Started("e"));
        await using var holder = await HoldAsync(journal);
        var busy = journal.AppendAsync(Logged("e"));
        await WaitingAsync(journal, 1);
        ExecutionEvent[] sent = [Started(""), Logged("")];
        var first = journal.AppendAsync(sent);
        var again = journal.AppendAsync([.. sent, Logged("")]);
        await holder.RollbackAsync(TestContext.Current.CancellationToken);

        await busy;
        var made = Assert.IsType<AppendOutcome.Appended>(await first);
        var repeated = Assert.IsType<AppendOutcome.Appended>(await again);
        Assert.Equal(made.MadeExecutionId, repeated.MadeExecutionId);
        Assert.Equal([3, 4, 5], repeated.Positions);
    }

    [Fact]
    public async Task Nodes_that_remember_different_logs_of_their_commits_lock_them_in_one_order()
    {
        await using var one = await JournalUnderTest.StartAsync();
        await using var other = await JournalUnderTest.StartAsync(one.ConnectionString);
        var failures = 0L;
        using var listener = one.CountFailures(() => Interlocked.Increment(ref failures));
        using var otherListener = other.CountFailures(() => Interlocked.Increment(ref failures));
        for (var round = 0; round < 10; round++)
        {
            var x = new JobKey("local", $"x{round}");
            var y = Enumerable.Range(0, 1000).Select(i => new JobKey("local", $"y{round}-{i}")).First(job => ((job.GetHashCode() ^ x.GetHashCode()) & 1) == 0);
            await one.AppendAsync(x, null, Started("e"));
            await other.AppendAsync(y, null, Started("e"));
            // Each has a commit under way, and behind it one of both logs, of which it remembers its own.
            var holder = await HoldAsync(one);
            Task<AppendOutcome>[] first = [one.AppendAsync(x, null, Logged("e")), other.AppendAsync(y, null, Logged("e"))];
            await WaitingAsync(one, 2);
            Task<AppendOutcome>[] both =
            [
                one.AppendAsync(x, null, Logged("e")), one.AppendAsync(y, null, Logged("e")),
                other.AppendAsync(x, null, Logged("e")), other.AppendAsync(y, null, Logged("e")),
            ];
            await holder.RollbackAsync(TestContext.Current.CancellationToken);
            await Task.WhenAll([.. first, .. both]);
        }

        // A deadlock would be a commit that failed and was tried again.
        Assert.Equal(0, failures);
    }

    private static async Task<NpgsqlTransaction> HoldAsync(JournalUnderTest journal)
    {
        var connection = await journal.Source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("SELECT 1 FROM jobwatch.mt_streams FOR UPDATE", connection, transaction);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return transaction;
    }

    private static async Task WaitingAsync(JournalUnderTest journal, long waiters)
    {
        await using var command = journal.Source.CreateCommand(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
        await Eventually.TrueAsync(
            async cancellation => (long)(await command.ExecuteScalarAsync(cancellation))! >= waiters,
            TimeSpan.FromSeconds(30),
            $"{waiters} commits wait for a lock");
    }
}
