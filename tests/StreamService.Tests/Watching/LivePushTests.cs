using Grpc.Core;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Tests.Journal;
using Jobwatch.Testing;
using Jobwatch.V1;
using Npgsql;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;
using Message = Jobwatch.V1.WatchJobResponse.MessageOneofCase;

namespace Jobwatch.StreamService.Tests.Watching;

public sealed class LivePushTests : IAsyncLifetime
{
    private NodeUnderTest _node = null!;

    public async ValueTask InitializeAsync() =>
        _node = await NodeUnderTest.StartAsync(settings: [("Live:RingEvents", "16"), ("Live:SweepInterval", "00:00:01")]);

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task A_commit_reaches_every_watcher_while_the_clock_stands_still()
    {
        await _node.AppendAsync(LedgerEu, Started("e"));
        var watches = Enumerable.Range(0, 50).Select(_ => _node.Watch(new WatchJobRequest { JobId = "ledger-eu" })).ToList();
        foreach (var watch in watches)
        {
            await watch.UntilAsync(Message.CaughtUp);
        }

        for (var position = 2; position <= 20; position++)
        {
            await _node.AppendAsync(LedgerEu, Logged("e"));
            foreach (var watch in watches)
            {
                Assert.Equal([position], await watch.PositionsAsync(1));
            }
        }

        watches.ForEach(watch => watch.Dispose());
        await Eventually.TrueAsync(() => _node.Live.All.Count == 0, TimeSpan.FromSeconds(30), "the job is dropped with its last watcher");
    }

    [Fact]
    public async Task A_commit_while_a_watch_opens_is_pushed_though_no_sweep_ever_comes()
    {
        var random = new Random(1);
        for (var round = 0; round < 15; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 20).Select(i => OpenDuringCommitAsync(new JobKey("local", $"job-{round}-{i}"), random.Next(4000))));
        }
    }

    [Fact]
    public async Task Another_nodes_commits_are_found_by_the_sweep_and_join_with_ones_own()
    {
        await using var another = await JournalUnderTest.StartAsync(_node.ConnectionString);
        await _node.AppendAsync(LedgerEu, Started("e"));
        using var watch = _node.Watch(new WatchJobRequest { JobId = "ledger-eu" });
        await watch.UntilAsync(Message.CaughtUp);
        await another.AppendAsync(LedgerEu, null, Logged("e"), Logged("e"));

        Assert.Equal([2, 3], await SweptAsync(watch.PositionsAsync(2)));
        await another.AppendAsync(LedgerEu, null, Logged("e"), Logged("e"));
        await _node.AppendAsync(LedgerEu, Logged("e"));
        Assert.Equal([4, 5, 6], await watch.PositionsAsync(3));
    }

    [Fact]
    public async Task A_job_that_another_node_makes_is_found_by_the_sweep()
    {
        await using var another = await JournalUnderTest.StartAsync(_node.ConnectionString);
        using var watch = _node.Watch(new WatchJobRequest { JobId = "ledger-eu", AllowMissing = true });
        await watch.NextAsync(Message.CaughtUp);
        await Eventually.TrueAsync(
            () => _node.Missing.All.Count == 1, TimeSpan.FromSeconds(30), "the watch waits");
        await another.AppendAsync(LedgerEu, null, Started("e"));

        Assert.Equal([1], await SweptAsync(watch.PositionsAsync(1)));
    }

    [Fact]
    public async Task A_reader_that_was_slow_falls_back_to_the_store_and_misses_nothing()
    {
        const int Batches = 60;
        const int Size = 100;
        await _node.AppendAsync(LedgerEu, Started("e"));
        using var slow = _node.Watch(new WatchJobRequest { JobId = "ledger-eu" });
        using var quick = _node.Watch(new WatchJobRequest { JobId = "ledger-eu" });
        await slow.UntilAsync(Message.CaughtUp);
        await quick.UntilAsync(Message.CaughtUp);
        var quicks = quick.PositionsAsync(Batches * Size);
        for (var i = 0; i < Batches; i++)
        {
            await _node.AppendAsync(LedgerEu, [.. Enumerable.Range(0, Size).Select(_ => Logged("e", new string('x', 1000)))]);
        }

        var expected = Enumerable.Range(2, Batches * Size).Select(position => (long)position);
        Assert.Equal(expected, await quicks);
        Assert.Equal(expected, await slow.PositionsAsync(Batches * Size));
    }

    [Fact]
    public async Task A_job_that_is_deleted_ends_its_watches_with_a_word()
    {
        await _node.AppendAsync(LedgerEu, Started("e"));
        using var watch = _node.Watch(new WatchJobRequest { JobId = "ledger-eu" });
        await watch.UntilAsync(Message.CaughtUp);
        await ExecuteAsync("DELETE FROM jobwatch.mt_events; DELETE FROM jobwatch.mt_streams; DELETE FROM jobwatch.execution; DELETE FROM jobwatch.job");

        await SweptAsync(watch.FailsAsync(StatusCode.NotFound, "JOB_NOT_FOUND"));
    }

    [Fact]
    public async Task Truncated_history_is_said_with_the_cursor_to_go_on_from_or_as_a_gap()
    {
        await _node.AppendAsync(LedgerEu, Started("e"), Logged("e"), Logged("e"), Logged("e"));
        await ExecuteAsync("DELETE FROM jobwatch.mt_events WHERE version <= 2; UPDATE jobwatch.job SET floor = 2");
        using var failing = _node.Watch(new WatchJobRequest { JobId = "ledger-eu", Start = new WatchStart { FromPosition = 2 } });
        using var going = _node.Watch(new WatchJobRequest
        {
            JobId = "ledger-eu",
            Start = new WatchStart { FromPosition = 2 },
            OnTruncated = "continue",
        });
        using var beginning = _node.Watch(new WatchJobRequest { JobId = "ledger-eu", Start = new WatchStart { Beginning = true } });
        using var unknown = _node.Watch(new WatchJobRequest { JobId = "ledger-eu", OnTruncated = "shrug" });

        var error = await failing.FailsAsync(StatusCode.OutOfRange, "HISTORY_TRUNCATED");
        // Before the stream begins, so that an edge can still answer with a status.
        Assert.Null(await failing.StartedFromAsync());
        var oldest = error.GetRpcStatus()!.GetDetail<Google.Rpc.ErrorInfo>()!.Metadata["oldest_cursor"];
        using var resumed = _node.Watch(new WatchJobRequest { JobId = "ledger-eu", Start = new WatchStart { Cursor = oldest } });
        Assert.Equal([3, 4], await resumed.PositionsAsync(2));
        var gap = await going.NextAsync(Message.Gap);
        Assert.Equal((new Gap { FirstPosition = 2, LastPosition = 2, Reason = "truncated" }, oldest), (gap.Gap, gap.Cursor));
        Assert.Equal([3, 4], await going.PositionsAsync(2));
        Assert.Equal([3, 4], await beginning.PositionsAsync(2));
        await unknown.FailsAsync(StatusCode.InvalidArgument, "INVALID_FIELD");
    }

    [Fact]
    public async Task History_that_is_truncated_before_a_slow_reader_read_it_is_said_too()
    {
        await _node.AppendAsync(LedgerEu, Started("e"));
        for (var i = 0; i < 20; i++)
        {
            await _node.AppendAsync(LedgerEu, [.. Enumerable.Range(0, 100).Select(_ => Logged("e", new string('x', 1000)))]);
        }

        using var watch = _node.Watch(new WatchJobRequest { JobId = "ledger-eu", Start = new WatchStart { Beginning = true } });
        await watch.PositionsAsync(1);
        await ExecuteAsync("DELETE FROM jobwatch.mt_events WHERE version <= 1990; UPDATE jobwatch.job SET floor = 1990");

        await watch.FailsAsync(StatusCode.OutOfRange, "HISTORY_TRUNCATED");
    }

    // A watch that begins at the head reads no page which would bring what it was not told of.
    private async Task OpenDuringCommitAsync(JobKey job, int spins)
    {
        await _node.AppendAsync(job, Started("e"));
        using var watch = _node.Watch(new WatchJobRequest { JobId = job.JobId, Start = new WatchStart { FromPosition = 2 } });
        await Task.Run(() => Thread.SpinWait(spins), TestContext.Current.CancellationToken);
        await _node.AppendAsync(job, Logged("e"));
        var messages = await watch.UntilAsync(Message.Event);
        Assert.Equal(2, messages[^1].Event.Position);
    }

    // Small steps: no heartbeat comes before the sweep.
    private async Task<T> SweptAsync<T>(Task<T> task) => (await _node.PassUntilAsync(task, TimeSpan.FromMilliseconds(10))).Result;

    private async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_node.ConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
