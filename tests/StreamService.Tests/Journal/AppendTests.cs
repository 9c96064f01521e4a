using Jobwatch.StreamService.Journal;
using Jobwatch.V1;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;

namespace Jobwatch.StreamService.Tests.Journal;

public sealed class AppendTests : IAsyncLifetime
{
    private JournalUnderTest _journal = null!;

    public async ValueTask InitializeAsync() => _journal = await JournalUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _journal.DisposeAsync();

    [Fact]
    public async Task Concurrent_producers_of_one_job_get_contiguous_positions_and_none_is_lost()
    {
        await _journal.AppendAsync(Started("e"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(async producer =>
        {
            var positions = new List<long>();
            for (var i = 0; i < 20; i++)
            {
                positions.AddRange((await _journal.AppendAsync(Logged("e", $"{producer}"), Logged("e", $"{producer}"))).Positions());
            }

            return positions;
        }));

        Assert.All(answers, positions => Assert.Equal(positions.Order(), positions));
        Assert.Equal(Enumerable.Range(2, 640).Select(i => (long)i), answers.SelectMany(positions => positions).Order());
        Assert.Equal(Enumerable.Range(1, 641).Select(i => (long)i), (await _journal.LogAsync()).Select(stored => stored.Position));
    }

    [Fact]
    public async Task Stored_bytes_are_the_event_with_what_the_server_sets()
    {
        var outcome = await _journal.AppendAsync(Started("e"), Logged("e", "äöü ☃"));

        var log = await _journal.LogAsync();
        var stored = ExecutionEvent.Parser.ParseFrom(log[1].Bytes.Span);
        Assert.Equal([1, 2], outcome.Positions());
        Assert.Equal(("ledger-eu", "e", 2L, "log_written", ExecutionStatus.Running, "äöü ☃"),
            (stored.JobId, stored.ExecutionId, stored.Position, stored.Type, stored.Status, stored.LogWritten.Text));
        Assert.NotNull(stored.RecordedAt);
        Assert.Equal(("e", ExecutionEvent.PayloadOneofCase.LogWritten, ExecutionStatus.Running, LogLevel.Info),
            (log[1].Head.ExecutionId, log[1].Head.Payload, log[1].Head.Status, log[1].Head.Level));
    }

    [Fact]
    public async Task An_append_that_comes_again_stores_nothing_and_returns_the_first_positions()
    {
        var (started, first, second) = (Started("e"), Logged("e", "first"), Logged("e", "second"));
        await _journal.AppendAsync(started, first);
        var changed = first.Clone();
        changed.LogWritten.Text = "changed";

        Assert.Equal([1, 2], (await _journal.AppendAsync(started, first)).Positions());
        Assert.Equal([3, 2, 3], (await _journal.AppendAsync(second, changed, second)).Positions());
        var log = await _journal.LogAsync();
        Assert.Equal(3, log.Count);
        Assert.Equal("first", ExecutionEvent.Parser.ParseFrom(log[1].Bytes.Span).LogWritten.Text);
    }

    [Fact]
    public async Task An_append_that_comes_again_after_the_end_is_acknowledged()
    {
        ExecutionEvent[] all = [Started("e"), Logged("e"), Succeeded("e")];
        await _journal.AppendAsync(all);

        Assert.Equal([1, 2, 3], (await _journal.AppendAsync(LedgerEu, 0, all)).Positions());
    }

    [Fact]
    public async Task An_event_id_means_something_only_within_its_job_and_tenant()
    {
        var started = Started("e");
        var (sameTenant, otherTenant) = (new JobKey("local", "other"), new JobKey("rival", LedgerEu.JobId));

        Assert.Equal([1], (await _journal.AppendAsync(started)).Positions());
        Assert.Equal([1, 2], (await _journal.AppendAsync(sameTenant, null, started, Logged("e"))).Positions());
        Assert.Equal([1, 2], (await _journal.AppendAsync(otherTenant, null, started, Logged("e"))).Positions());
        Assert.Single(await _journal.LogAsync());
    }

    [Fact]
    public async Task What_comes_after_the_end_or_before_the_begin_is_refused_and_nothing_of_the_batch_is_stored()
    {
        await _journal.AppendAsync(Started("done"), Succeeded("done"));

        var after = Assert.IsType<AppendOutcome.ExecutionEnded>(await _journal.AppendAsync(Started("new"), Logged("done")));
        var restarted = Assert.IsType<AppendOutcome.ExecutionEnded>(await _journal.AppendAsync(Started("done")));
        var before = Assert.IsType<AppendOutcome.ExecutionNotStarted>(await _journal.AppendAsync(Logged("unknown")));
        var within = Assert.IsType<AppendOutcome.ExecutionEnded>(await _journal.AppendAsync(Started("x"), Succeeded("x"), Logged("x")));

        Assert.Equal((1, "done", ExecutionStatus.Succeeded), (after.Index, after.ExecutionId, after.Status));
        Assert.Equal(0, restarted.Index);
        Assert.Equal("unknown", before.ExecutionId);
        Assert.Equal(2, within.Index);
        Assert.Equal(2, (await _journal.LogAsync()).Count);
    }

    [Fact]
    public async Task A_refused_first_append_leaves_no_job_behind()
    {
        Assert.IsType<AppendOutcome.ExecutionNotStarted>(await _journal.AppendAsync(Logged("e")));

        Assert.Null(await _journal.Reader.FindJobAsync(LedgerEu, TestContext.Current.CancellationToken));
        Assert.Equal([1], (await _journal.AppendAsync(Started("e"))).Positions());
    }

    [Fact]
    public async Task A_refused_batch_leaves_its_neighbours_in_the_same_commit_alone()
    {
        await _journal.AppendAsync(Started("done"), Succeeded("done"), Started("e"));
        var all = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => _journal.AppendAsync(i % 3 == 0 ? Logged("done") : Logged("e"))));

        Assert.Equal(20, all.OfType<AppendOutcome.ExecutionEnded>().Count());
        Assert.Equal(Enumerable.Range(4, 40).Select(i => (long)i), all.OfType<AppendOutcome.Appended>().SelectMany(a => a.Positions).Order());
    }

    [Fact]
    public async Task An_expected_position_lets_only_one_of_two_through()
    {
        await _journal.AppendAsync(Started("e"));
        var both = await Task.WhenAll(_journal.AppendAsync(LedgerEu, 1, Logged("e")), _journal.AppendAsync(LedgerEu, 1, Logged("e")));

        Assert.Single(both.OfType<AppendOutcome.Appended>());
        Assert.Equal(new AppendOutcome.PositionMismatch(1, 2), both.OfType<AppendOutcome.PositionMismatch>().Single());
    }

    [Fact]
    public async Task An_execution_id_that_was_made_comes_back_when_the_append_comes_again()
    {
        var (started, logged, more) = (Started(""), Logged(""), Logged(""));
        var first = Assert.IsType<AppendOutcome.Appended>(await _journal.AppendAsync(started, logged));
        var again = Assert.IsType<AppendOutcome.Appended>(await _journal.AppendAsync(started, logged, more));

        Assert.NotNull(first.MadeExecutionId);
        Assert.Equal(first.MadeExecutionId, again.MadeExecutionId);
        Assert.Equal([1, 2, 3], again.Positions);
        var execution = Assert.Single((await _journal.Catalog.FindJobAsync(LedgerEu, TestContext.Current.CancellationToken))!.Job.LatestExecution.EventCounts, c => c.Key == "log_written");
        Assert.Equal(2, execution.Value);
    }

    [Fact]
    public async Task Two_nodes_append_to_one_job_without_a_gap_and_start_an_execution_once()
    {
        await using var other = await JournalUnderTest.StartAsync(_journal.ConnectionString);
        JournalUnderTest[] nodes = [_journal, other];
        var starts = await Task.WhenAll(nodes.Select(node => node.AppendAsync(LedgerEu, 0, Started("e"))));
        var logs = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => nodes[i % 2].AppendAsync(Logged("e", $"{i}"))));
        var ends = await Task.WhenAll(nodes.Select(node => node.AppendAsync(Succeeded("e"))));

        Assert.Single(starts.OfType<AppendOutcome.Appended>());
        Assert.Equal(Enumerable.Range(2, 200).Select(i => (long)i), logs.SelectMany(log => log.Positions()).Order());
        Assert.Single(ends.OfType<AppendOutcome.Appended>());
        Assert.Equal(202, (await _journal.LogAsync())[^1].Position);
    }

    [Fact]
    public async Task Two_nodes_that_make_the_same_jobs_at_once_agree_on_them()
    {
        await using var other = await JournalUnderTest.StartAsync(_journal.ConnectionString);
        JournalUnderTest[] nodes = [_journal, other];
        var jobs = Enumerable.Range(0, 50).Select(i => new JobKey("local", $"job-{i}")).ToArray();
        var all = await Task.WhenAll(jobs.SelectMany(job => nodes.Select(node => node.AppendAsync(job, null, Started("e")))));

        Assert.All(all.Chunk(2), pair => Assert.Equal([1L, 2L], pair.SelectMany(outcome => outcome.Positions()).Order()));
        Assert.All(all.OfType<AppendOutcome.Appended>().Chunk(2), pair => Assert.Equal(pair[0].Log, pair[1].Log));
    }

    [Fact]
    public async Task What_is_committed_is_told_in_order_before_it_is_acknowledged()
    {
        var told = new List<long>();
        _journal.Feed.Listen(committed =>
        {
            lock (told)
            {
                told.AddRange(committed.Events.Select(stored => stored.Position));
            }
        });
        await _journal.AppendAsync(Started("e"));
        await Task.WhenAll(Enumerable.Range(0, 100).Select(async i =>
        {
            var positions = (await _journal.AppendAsync(Logged("e"))).Positions();
            lock (told)
            {
                Assert.Contains(positions[0], told);
            }
        }));

        Assert.Equal(Enumerable.Range(1, 101).Select(i => (long)i), told);
    }
}
