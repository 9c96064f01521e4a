using Jobwatch.StreamService.Journal;
using Jobwatch.V1;
using Npgsql;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;

namespace Jobwatch.StreamService.Tests.Journal;

/// <summary>A node writes on to logs without reading them. What others did meanwhile has to count all the same.</summary>
public sealed class RememberedLogTests : IAsyncLifetime
{
    private JournalUnderTest _journal = null!;
    private JournalUnderTest _other = null!;

    public async ValueTask InitializeAsync()
    {
        _journal = await JournalUnderTest.StartAsync();
        _other = await JournalUnderTest.StartAsync(_journal.ConnectionString);
        // From here on it needs no reading.
        await _journal.AppendAsync(Started("e"), Logged("e"));
        await _journal.AppendAsync(Logged("e"));
    }

    public async ValueTask DisposeAsync()
    {
        await _other.DisposeAsync();
        await _journal.DisposeAsync();
    }

    [Fact]
    public async Task Two_nodes_that_append_by_turns_make_one_log()
    {
        for (var turn = 0; turn < 20; turn++)
        {
            Assert.Equal([4 + (3 * turn)], (await _other.AppendAsync(Logged("e"))).Positions());
            Assert.Equal([5 + (3 * turn)], (await _journal.AppendAsync(Logged("e"))).Positions());
            Assert.Equal([6 + (3 * turn)], (await _journal.AppendAsync(Logged("e"))).Positions());
        }

        Assert.Equal(Enumerable.Range(1, 63).Select(position => (long)position), (await _journal.LogAsync()).Select(stored => stored.Position));
        var record = await _journal.Catalog.FindExecutionAsync((await HeadAsync()).Log, "e", TestContext.Current.CancellationToken);
        Assert.Equal(63, record!.Execution.EventCount);
    }

    [Fact]
    public async Task Two_nodes_that_append_at_once_make_one_log()
    {
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => (i % 2 == 0 ? _journal : _other).AppendAsync(Logged("e"))));

        Assert.Equal(Enumerable.Range(1, 203).Select(position => (long)position), (await _journal.LogAsync()).Select(stored => stored.Position));
    }

    [Fact]
    public async Task An_execution_that_another_node_ended_takes_no_more()
    {
        await _other.AppendAsync(Succeeded("e"));

        Assert.IsType<AppendOutcome.ExecutionEnded>(await _journal.AppendAsync(Logged("e")));
    }

    [Fact]
    public async Task A_head_that_another_node_moved_is_the_one_that_an_expected_position_is_held_to()
    {
        await _other.AppendAsync(Logged("e"));

        Assert.Equal(new AppendOutcome.PositionMismatch(3, 4), await _journal.AppendAsync(LedgerEu, 3, Logged("e")));
        Assert.Equal([5], (await _journal.AppendAsync(LedgerEu, 4, Logged("e"))).Positions());
    }

    [Fact]
    public void A_large_execution_is_not_remembered_though_it_was_only_read()
    {
        var execution = new Execution { ExecutionId = "e", Status = ExecutionStatus.Running };
        Assert.True(ExecutionDraft.Load(new ExecutionRecord(execution, 0)).TrySettle());
        execution.LastError = new ExecutionError { Message = new string('x', 5000) };

        Assert.False(ExecutionDraft.Load(new ExecutionRecord(execution, 0)).TrySettle());
    }

    [Fact]
    public async Task An_event_that_is_stored_is_found_in_the_middle_of_new_ones()
    {
        var (first, second) = (Logged("e"), Logged("e"));
        await _journal.AppendAsync(first);
        var neighbour = _journal.AppendAsync(Logged("e"));

        Assert.Equal([6, 4, 7], (await _journal.AppendAsync(second, first, Logged("e"))).Positions());
        Assert.Equal([5], (await neighbour).Positions());
    }

    [Fact]
    public async Task A_job_that_was_deleted_and_made_again_is_another_log()
    {
        var before = await HeadAsync();
        await _other.Get<JobDeletion>().DeleteAsync(LedgerEu, TestContext.Current.CancellationToken);

        Assert.IsType<AppendOutcome.ExecutionNotStarted>(await _journal.AppendAsync(Logged("e")));
        await _other.AppendAsync(Started("e"), Logged("e"), Logged("e"));
        Assert.Equal([4], (await _journal.AppendAsync(Logged("e"))).Positions());
        Assert.NotEqual(before.Log, (await HeadAsync()).Log);
    }

    [Fact]
    public async Task Last_error_and_summary_outlive_appends_that_bring_none()
    {
        var raised = Event("e");
        raised.ErrorRaised = new ErrorRaised { Code = "E1", Message = "No.", Detail = new string('x', 10_000) };
        await _journal.AppendAsync(raised);
        await _journal.AppendAsync(Logged("e"));
        await _journal.AppendAsync(Logged("e"));

        var record = await _journal.Catalog.FindExecutionAsync((await HeadAsync()).Log, "e", TestContext.Current.CancellationToken);
        Assert.Equal("E1", record!.Execution.LastError.Code);
        Assert.Equal(6, record.Execution.EventCount);
    }

    [Fact]
    public async Task What_a_store_lost_is_not_remembered_even_if_its_head_is_the_same_again()
    {
        // As a standby that was behind: the last event is not there, and others came in its place.
        await ExecuteAsync("DELETE FROM jobwatch.mt_events WHERE version = 3");
        await ExecuteAsync("UPDATE jobwatch.mt_streams SET version = 2");
        await _other.AppendAsync(Succeeded("e"));
        await ExecuteAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");

        // The one that notices.
        await _journal.AppendAsync(new JobKey("local", "another"), null, Started("e"));

        Assert.IsType<AppendOutcome.ExecutionEnded>(await _journal.AppendAsync(Logged("e")));
        Assert.Equal(3, (await HeadAsync()).Head);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_journal.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private async Task<JobHead> HeadAsync() => (await _journal.Reader.FindJobAsync(LedgerEu, TestContext.Current.CancellationToken))!;
}
