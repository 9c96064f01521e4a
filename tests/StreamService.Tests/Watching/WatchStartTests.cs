using Google.Rpc;
using Grpc.Core;
using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Journal;
using Jobwatch.V1;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;
using Message = Jobwatch.V1.WatchJobResponse.MessageOneofCase;

namespace Jobwatch.StreamService.Tests.Watching;

public sealed class WatchStartTests : IAsyncLifetime
{
    private NodeUnderTest _node = null!;

    public async ValueTask InitializeAsync() => _node = await NodeUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task From_the_beginning_comes_all_of_history_then_caught_up_then_what_is_appended()
    {
        await _node.AppendAsync(LedgerEu, Started("e"), Logged("e"), Logged("e"));
        using var watch = Watch(new WatchStart { Beginning = true });

        Assert.Equal(await CursorAsync(0), await watch.StartedFromAsync());
        Assert.Equal([1, 2, 3], await watch.PositionsAsync(3));
        Assert.Equal(await CursorAsync(3), (await watch.NextAsync(Message.CaughtUp)).Cursor);
        await _node.AppendAsync(LedgerEu, Logged("e"), Logged("e"));
        Assert.Equal([4, 5], await watch.PositionsAsync(2));
    }

    [Fact]
    public async Task The_latest_is_a_snapshot_that_is_true_at_its_cursor_and_what_follows_it()
    {
        await _node.AppendAsync(LedgerEu, Started("old"), Succeeded("old"), Started("a"), Started("b"), Succeeded("b"));
        using var watch = Watch(null);

        var snapshot = await watch.NextAsync(Message.Snapshot);
        Assert.Equal(await CursorAsync(5), snapshot.Cursor);
        Assert.Equal(snapshot.Cursor, await watch.StartedFromAsync());
        Assert.Equal(snapshot.Cursor, snapshot.Snapshot.Job.Cursor);
        Assert.Equal(["b", "a"], snapshot.Snapshot.Executions.Select(execution => execution.ExecutionId));
        Assert.Equal(5, snapshot.Snapshot.Job.LastPosition);
        await watch.NextAsync(Message.CaughtUp);
        await _node.AppendAsync(LedgerEu, Logged("a"));
        Assert.Equal([6], await watch.PositionsAsync(1));
    }

    [Fact]
    public async Task A_cursor_means_strictly_after_it()
    {
        await _node.AppendAsync(LedgerEu, Started("e"), Logged("e"), Logged("e"));
        using var watch = Watch(new WatchStart { Cursor = await CursorAsync(2) });

        Assert.Equal(await CursorAsync(2), await watch.StartedFromAsync());
        Assert.Equal([3], await watch.PositionsAsync(1));
    }

    [Fact]
    public async Task A_position_is_the_first_one_sent_and_the_next_to_come_is_one()
    {
        await _node.AppendAsync(LedgerEu, Started("e"), Logged("e"), Logged("e"));
        using var past = Watch(new WatchStart { FromPosition = 2 });
        using var next = Watch(new WatchStart { FromPosition = 4 });
        using var beyond = Watch(new WatchStart { FromPosition = 5 });
        using var none = Watch(new WatchStart { FromPosition = 0 });

        await beyond.FailsAsync(StatusCode.InvalidArgument, "INVALID_FIELD");
        await none.FailsAsync(StatusCode.InvalidArgument, "INVALID_FIELD");
        Assert.Equal([2, 3], await past.PositionsAsync(2));
        await next.NextAsync(Message.CaughtUp);
        await _node.AppendAsync(LedgerEu, Logged("e"));
        Assert.Equal([4], await next.PositionsAsync(1));
    }

    [Fact]
    public async Task An_execution_starts_with_its_first_event()
    {
        await _node.AppendAsync(LedgerEu, Started("a"), Logged("a"), Started("b"), Logged("b"));
        using var there = Watch(new WatchStart { FromExecution = "b" });
        using var missing = Watch(new WatchStart { FromExecution = "c" });
        using var awaited = _node.Watch(new WatchJobRequest
        {
            JobId = "ledger-eu",
            Start = new WatchStart { FromExecution = "d" },
            AllowMissing = true,
        });

        Assert.Equal([3, 4], await there.PositionsAsync(2));
        await missing.FailsAsync(StatusCode.NotFound, "EXECUTION_NOT_FOUND");
        await awaited.NextAsync(Message.CaughtUp);
        await _node.AppendAsync(LedgerEu, Logged("a"), Started("d"), Logged("a"), Logged("d"));
        Assert.Equal([6, 7, 8], await awaited.PositionsAsync(3));
    }

    [Fact]
    public async Task A_job_that_is_not_there_is_not_found_or_waited_for()
    {
        using var refused = Watch(null);
        using var waiting = _node.Watch(new WatchJobRequest { JobId = "ledger-eu", AllowMissing = true });

        await refused.FailsAsync(StatusCode.NotFound, "JOB_NOT_FOUND");
        Assert.Equal(Cursor.BeforeFirst(LedgerEu).ToString(), await waiting.StartedFromAsync());
        Assert.Equal(Cursor.BeforeFirst(LedgerEu).ToString(), (await waiting.NextAsync(Message.CaughtUp)).Cursor);
        await _node.AppendAsync(LedgerEu, Started("e"), Logged("e"));
        Assert.Equal([1, 2], await waiting.PositionsAsync(2));
    }

    [Fact]
    public async Task The_cursor_of_a_job_that_was_waited_for_goes_on_from_its_beginning()
    {
        var beforeFirst = new WatchStart { Cursor = Cursor.BeforeFirst(LedgerEu).ToString() };
        using var waiting = _node.Watch(new WatchJobRequest { JobId = "ledger-eu", AllowMissing = true, Start = beforeFirst });
        await waiting.NextAsync(Message.CaughtUp);
        await _node.AppendAsync(LedgerEu, Started("e"), Logged("e"));
        using var resumed = Watch(beforeFirst);

        Assert.Equal([1, 2], await waiting.PositionsAsync(2));
        Assert.Equal([1, 2], await resumed.PositionsAsync(2));
    }

    [Fact]
    public async Task A_cursor_that_does_not_fit_is_told_apart()
    {
        await _node.AppendAsync(LedgerEu, Started("e"));
        var log = (await _node.Reader.FindJobAsync(LedgerEu, TestContext.Current.CancellationToken))!.Log;
        var whole = await CursorAsync(1);
        var torn = whole[..^4] + (whole[^4] == 'A' ? "BAAA" : "AAAA");
        var foreign = Cursor.After(log with { Job = new JobKey("other", "ledger-eu") }, 1).ToString();
        var future = Cursor.After(log, 2).ToString();
        var earlier = Cursor.After(log with { Incarnation = log.Incarnation + 2 }, 1).ToString();

        await FailsAsync("nonsense", "CURSOR_UNKNOWN");
        await FailsAsync("", "CURSOR_UNKNOWN");
        await FailsAsync(torn, "CURSOR_UNKNOWN");
        await FailsAsync(foreign, "CURSOR_OF_ANOTHER_JOB");
        await FailsAsync(future, "CURSOR_BEYOND_HEAD");
        await FailsAsync(earlier, "CURSOR_OF_DELETED_JOB");
    }

    [Fact]
    public async Task A_cursor_of_a_job_that_is_gone_is_told_so_even_to_one_who_would_wait()
    {
        var gone = Cursor.After(new JobLog(LedgerEu, 7), 1).ToString();
        using var watch = _node.Watch(new WatchJobRequest { JobId = "ledger-eu", AllowMissing = true, Start = new WatchStart { Cursor = gone } });

        await watch.FailsAsync(StatusCode.InvalidArgument, "CURSOR_OF_DELETED_JOB");
    }

    [Fact]
    public async Task A_start_that_is_set_to_false_is_refused()
    {
        using var beginning = Watch(new WatchStart { Beginning = false });
        using var latest = Watch(new WatchStart { Latest = false });

        await beginning.FailsAsync(StatusCode.InvalidArgument, "INVALID_FIELD");
        await latest.FailsAsync(StatusCode.InvalidArgument, "INVALID_FIELD");
    }

    [Fact]
    public async Task Another_tenants_job_looks_like_one_that_is_not_there()
    {
        await _node.AppendAsync(LedgerEu, Started("e"));
        using var others = _node.Watch(new WatchJobRequest { JobId = "ledger-eu" }, NodeUnderTest.OthersToken);
        using var nobodys = _node.Watch(new WatchJobRequest { JobId = "ledger-xx" }, NodeUnderTest.OthersToken);

        var refused = await others.FailsAsync(StatusCode.NotFound, "JOB_NOT_FOUND");
        var missing = await nobodys.FailsAsync(StatusCode.NotFound, "JOB_NOT_FOUND");
        Assert.Equal(missing.Status.Detail.Replace("ledger-xx", "ledger-eu", StringComparison.Ordinal), refused.Status.Detail);
    }

    private WatchSession Watch(WatchStart? start) => _node.Watch(new WatchJobRequest { JobId = "ledger-eu", Start = start });

    private async Task<string> CursorAsync(long position) =>
        Cursor.After((await _node.Reader.FindJobAsync(LedgerEu, TestContext.Current.CancellationToken))!.Log, position).ToString();

    private async Task FailsAsync(string cursor, string reason)
    {
        using var watch = Watch(new WatchStart { Cursor = cursor });
        var error = await watch.FailsAsync(StatusCode.InvalidArgument, reason);
        Assert.Equal("start.cursor", error.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations.Single().Field);
    }
}
