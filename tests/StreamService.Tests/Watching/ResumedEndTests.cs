using Google.Rpc;
using Grpc.Core;
using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Errors;
using Jobwatch.StreamService.Tests.Journal;
using Jobwatch.V1;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;
using Message = Jobwatch.V1.WatchJobResponse.MessageOneofCase;

namespace Jobwatch.StreamService.Tests.Watching;

/// <summary>A watch that is to end with its execution, in the sessions after its first.</summary>
public sealed class ResumedEndTests : IAsyncLifetime
{
    private NodeUnderTest _node = null!;

    public async ValueTask InitializeAsync() => _node = await NodeUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Still_waits_for_the_execution_that_it_starts_with_and_begins_with_its_first_event()
    {
        await _node.AppendAsync(LedgerEu, Started("a"), Succeeded("a"));
        var start = new WatchStart { FromExecution = "b" };
        using var first = Watch(start);
        var said = await first.NextAsync(Message.CaughtUp);
        await _node.AppendAsync(LedgerEu, Started("c"), Succeeded("c"));
        using var resumed = Watch(start, said.Cursor);
        await resumed.UntilAsync(Message.CaughtUp);
        await _node.AppendAsync(LedgerEu, Started("d"), Started("b"), Succeeded("d"), Succeeded("b"), Started("e"));

        Assert.Equal([6, 7, 8], Positions(await resumed.UntilAsync()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Still_waits_where_nothing_happened_between_the_sessions(bool until)
    {
        await _node.AppendAsync(LedgerEu, Started("a"), Succeeded("a"));
        var start = new WatchStart { FromExecution = "b" };
        using var first = Watch(start, until: until);
        using var resumed = Watch(start, (await first.NextAsync(Message.CaughtUp)).Cursor, until: until);
        await resumed.NextAsync(Message.CaughtUp);
        await _node.AppendAsync(LedgerEu, Started("d"), Started("b"), Succeeded("d"), Succeeded("b"));

        Assert.Equal([4, 5, 6], await first.PositionsAsync(3));
        Assert.Equal([4, 5, 6], await resumed.PositionsAsync(3));
    }

    [Fact]
    public async Task Without_a_name_the_end_of_truncated_history_is_not_its_end()
    {
        await using var journal = await JournalUnderTest.StartAsync(_node.ConnectionString);
        await _node.AppendAsync(LedgerEu, Started("a"), Succeeded("a"), Started("b"), Succeeded("b"));
        await journal.TruncateAsync(2);
        using var first = Watch(new WatchStart { Beginning = true });
        using var resumed = Watch(new WatchStart { Beginning = true }, await first.StartedFromAsync());

        Assert.Equal([3, 4], Positions(await first.UntilAsync()));
        Assert.Equal([3, 4], Positions(await resumed.UntilAsync()));
    }

    [Fact]
    public async Task Without_a_name_an_end_within_a_gap_is_not_its_end()
    {
        await using var journal = await JournalUnderTest.StartAsync(_node.ConnectionString);
        await _node.AppendAsync(LedgerEu, Started("a"), Succeeded("a"), Started("b"), Succeeded("b"));
        await journal.TruncateAsync(2);
        var start = new WatchStart { FromPosition = 1 };
        using var first = Watch(start, goOn: true);
        using var resumed = Watch(start, (await first.NextAsync(Message.Gap)).Cursor, goOn: true);

        Assert.Equal([3, 4], Positions(await first.UntilAsync()));
        Assert.Equal([3, 4], Positions(await resumed.UntilAsync()));
    }

    [Fact]
    public async Task Ends_with_the_execution_that_it_starts_with()
    {
        await _node.AppendAsync(LedgerEu, Started("a"), Started("b"), Succeeded("b"), Logged("a"), Succeeded("a"));
        var start = new WatchStart { FromExecution = "a" };
        using var passedTheOther = Watch(start, await CursorAsync(3));
        using var passedAll = Watch(start, await CursorAsync(5));

        Assert.Equal([4, 5], Positions(await passedTheOther.UntilAsync()));
        Assert.True(await passedAll.NothingLeftAsync());
    }

    [Fact]
    public async Task Has_nothing_left_after_the_end_of_the_execution_that_it_starts_with_though_another_is_open()
    {
        await _node.AppendAsync(LedgerEu, Started("a"), Started("b"), Succeeded("a"));
        using var resumed = Watch(new WatchStart { FromExecution = "a" }, await CursorAsync(3));

        Assert.True(await resumed.NothingLeftAsync());
    }

    [Fact]
    public async Task Without_a_name_has_nothing_left_after_the_end_though_another_began_since()
    {
        await _node.AppendAsync(LedgerEu, Started("a"), Succeeded("a"), Started("b"));
        using var resumed = Watch(new WatchStart { Beginning = true }, await CursorAsync(2));
        using var startedThere = Watch(new WatchStart { FromPosition = 3 }, await CursorAsync(2));

        Assert.True(await resumed.NothingLeftAsync());
        Assert.False(await startedThere.NothingLeftAsync());
    }

    [Fact]
    public async Task Without_a_name_the_end_of_an_execution_with_other_labels_is_not_its_end()
    {
        await _node.AppendAsync(
            LedgerEu, Started("a", ("ledger", "us")), Succeeded("a"), Started("b", ("ledger", "eu")), Succeeded("b"), Started("c", ("ledger", "eu")));
        var filter = new EventFilter { Labels = { "ledger=eu" } };
        using var resumed = Watch(new WatchStart { Beginning = true }, await CursorAsync(2), filter);
        using var ended = Watch(new WatchStart { Beginning = true }, await CursorAsync(4), filter);

        Assert.Equal([3, 4], Positions(await resumed.UntilAsync()));
        Assert.True(await ended.NothingLeftAsync());
    }

    [Fact]
    public async Task Says_an_end_again_only_where_the_last_event_did_not_tell_it()
    {
        await _node.AppendAsync(LedgerEu, Started("a"), Succeeded("a"));
        using var cut = Watch(new WatchStart { Beginning = true }, until: false);
        await cut.NextAsync(Message.Event);
        var last = await cut.NextAsync(Message.Event);
        using var resumed = Watch(new WatchStart { Beginning = true }, last.Cursor, until: false);
        using var filtered = Watch(new WatchStart { Beginning = true }, await CursorAsync(1), new EventFilter { EventTypes = { "log_written" } }, until: false);

        Assert.Equal(ExecutionStatus.Succeeded, last.Event.Status);
        Assert.Equal(Message.CaughtUp, (await resumed.NextAsync())?.MessageCase);
        Assert.Equal(Message.ExecutionEnded, (await filtered.NextAsync())?.MessageCase);
    }

    [Fact]
    public async Task Says_no_snapshot_again()
    {
        await _node.AppendAsync(LedgerEu, Started("a"), Logged("a"));
        using var resumed = Watch(new WatchStart { Latest = true }, await CursorAsync(1));

        Assert.Equal([Message.Event, Message.CaughtUp], (await resumed.UntilAsync(Message.CaughtUp)).Select(message => message.MessageCase));
    }

    [Fact]
    public async Task A_bad_cursor_is_named_by_its_field()
    {
        await _node.AppendAsync(LedgerEu, Started("a"));
        using var unknown = Watch(new WatchStart { FromExecution = "a" }, "no-cursor");
        using var beyond = Watch(new WatchStart { FromExecution = "a" }, await CursorAsync(2));

        var error = await unknown.FailsAsync(StatusCode.InvalidArgument, Reasons.CursorUnknown);
        Assert.Equal("start.resume_cursor", Assert.Single(error.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations).Field);
        await beyond.FailsAsync(StatusCode.InvalidArgument, Reasons.CursorBeyondHead);
    }

    private static IEnumerable<long> Positions(IEnumerable<WatchJobResponse> messages) =>
        messages.Where(message => message.Event is not null).Select(message => message.Event.Position);

    private async Task<string> CursorAsync(long position) =>
        Cursor.After((await _node.Reader.FindJobAsync(LedgerEu, TestContext.Current.CancellationToken))!.Log, position).ToString();

    private WatchSession Watch(
        WatchStart start, string? resumeCursor = null, EventFilter? filter = null, bool until = true, bool goOn = false) =>
        _node.Watch(new WatchJobRequest
        {
            JobId = "ledger-eu",
            Start = new WatchStart(start) { ResumeCursor = resumeCursor ?? "" },
            Filter = filter,
            AllowMissing = true,
            UntilExecutionEnds = until,
            OnTruncated = goOn ? "continue" : "",
        });
}
