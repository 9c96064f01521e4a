using Jobwatch.StreamService.Cursors;
using Jobwatch.V1;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;
using Message = Jobwatch.V1.WatchJobResponse.MessageOneofCase;

namespace Jobwatch.StreamService.Tests.Watching;

public sealed class UntilExecutionEndsTests : IAsyncLifetime
{
    private NodeUnderTest _node = null!;

    public async ValueTask InitializeAsync() => _node = await NodeUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task The_end_of_an_execution_is_said_right_after_its_last_event()
    {
        await _node.AppendAsync(LedgerEu, Started("a"), Started("b"), Succeeded("a"), Logged("b"));
        using var watch = Watch(new WatchStart { Beginning = true }, null, until: false);
        var messages = await watch.UntilAsync(Message.CaughtUp);

        Assert.Equal(
            [Message.Event, Message.Event, Message.Event, Message.ExecutionEnded, Message.Event, Message.CaughtUp],
            messages.Select(message => message.MessageCase));
        Assert.Equal(new ExecutionEnded { ExecutionId = "a", Status = ExecutionStatus.Succeeded, Position = 3 }, messages[3].ExecutionEnded);
        Assert.Equal(messages[2].Cursor, messages[3].Cursor);
    }

    [Fact]
    public async Task The_end_is_said_also_where_the_filter_leaves_the_last_event_out_but_not_for_another_execution()
    {
        await _node.AppendAsync(LedgerEu, Started("a"), Started("b"), Succeeded("a"), Succeeded("b"));
        using var watch = Watch(
            new WatchStart { Beginning = true }, new EventFilter { ExecutionIds = { "b" }, EventTypes = { "execution_started" } }, until: false);
        var messages = await watch.UntilAsync(Message.CaughtUp);

        Assert.Equal([Message.Event, Message.ExecutionEnded, Message.CaughtUp], messages.Select(message => message.MessageCase));
        Assert.Equal(4, messages[1].ExecutionEnded.Position);
    }

    [Fact]
    public async Task Ends_with_the_execution_it_starts_with_though_others_are_open()
    {
        await _node.AppendAsync(LedgerEu, Started("a"), Started("b"), Logged("b"));
        using var watch = Watch(new WatchStart { FromExecution = "b" }, null);
        Assert.Equal([2, 3], await watch.PositionsAsync(2));
        await _node.AppendAsync(LedgerEu, Logged("a"), Succeeded("b"), Logged("a"));

        var rest = await watch.UntilAsync();
        Assert.Equal([4, 5], rest.Where(message => message.Event is not null).Select(message => message.Event.Position));
        Assert.Equal(Message.ExecutionEnded, rest[^1].MessageCase);
    }

    [Fact]
    public async Task Ends_when_all_named_executions_have_ended_and_waits_for_one_that_is_yet_to_come()
    {
        await _node.AppendAsync(LedgerEu, Started("a"), Succeeded("a"));
        var filter = new EventFilter { ExecutionIds = { "a", "b" } };
        using var watch = Watch(null, filter);
        await watch.UntilAsync(Message.CaughtUp);
        await _node.AppendAsync(LedgerEu, Started("b"), Started("c"), Logged("c"), Succeeded("b"), Logged("c"));

        Assert.Equal(
            [Message.Event, Message.Event, Message.ExecutionEnded], (await watch.UntilAsync()).Select(message => message.MessageCase));
        using var again = Watch(null, filter);
        Assert.True(await again.NothingLeftAsync());
        Assert.Null(await again.NextAsync());
    }

    [Fact]
    public async Task Without_a_name_it_ends_when_nothing_that_began_is_open()
    {
        await _node.AppendAsync(LedgerEu, Started("a"), Started("b"), Succeeded("a"));
        using var watch = Watch(null, null);
        await watch.UntilAsync(Message.CaughtUp);
        await _node.AppendAsync(LedgerEu, Queued("c"), Succeeded("b"));
        await _node.AppendAsync(LedgerEu, Started("c"), Succeeded("c"), Started("d"));

        var positions = (await watch.UntilAsync()).Where(message => message.Event is not null).Select(message => message.Event.Position);
        Assert.Equal([4, 5, 6, 7], positions);
    }

    [Fact]
    public async Task A_history_is_read_to_the_first_moment_at_which_nothing_is_open()
    {
        await _node.AppendAsync(LedgerEu, Started("a"), Succeeded("a"), Started("b"));
        using var watch = Watch(new WatchStart { Beginning = true }, null);

        Assert.Equal(
            [Message.Event, Message.Event, Message.ExecutionEnded], (await watch.UntilAsync()).Select(message => message.MessageCase));
    }

    [Fact]
    public async Task Nothing_is_left_where_nothing_is_open_and_the_head_is_reached()
    {
        await _node.AppendAsync(LedgerEu, Started("a"), Succeeded("a"));
        var log = (await _node.Reader.FindJobAsync(LedgerEu, TestContext.Current.CancellationToken))!.Log;
        using var latest = Watch(null, null);
        using var resumed = Watch(new WatchStart { Cursor = Cursor.After(log, 2).ToString() }, null);
        using var before = Watch(new WatchStart { Cursor = Cursor.After(log, 1).ToString() }, null);

        Assert.True(await latest.NothingLeftAsync());
        Assert.Null(await latest.NextAsync());
        Assert.Equal(Cursor.After(log, 2).ToString(), await resumed.StartedFromAsync());
        Assert.True(await resumed.NothingLeftAsync());
        Assert.Null(await resumed.NextAsync());
        Assert.False(await before.NothingLeftAsync());
        Assert.Equal([Message.Event, Message.ExecutionEnded], (await before.UntilAsync()).Select(message => message.MessageCase));
    }

    [Fact]
    public async Task Only_executions_with_the_labels_asked_for_keep_it_going()
    {
        await _node.AppendAsync(LedgerEu, Started("a", ("ledger", "eu")), Started("b", ("ledger", "us")), Queued("c"));
        using var watch = Watch(null, new EventFilter { Labels = { "ledger=eu" } });
        await watch.UntilAsync(Message.CaughtUp);
        await _node.AppendAsync(LedgerEu, Started("c", ("ledger", "eu")), Succeeded("a"), Succeeded("c"), Logged("b"));

        var positions = (await watch.UntilAsync()).Where(message => message.Event is not null).Select(message => message.Event.Position);
        Assert.Equal([4, 5, 6], positions);
    }

    [Fact]
    public async Task A_missing_job_is_waited_for_and_its_first_execution_ends_the_watch()
    {
        using var watch = _node.Watch(new WatchJobRequest { JobId = "ledger-eu", AllowMissing = true, UntilExecutionEnds = true });
        await watch.NextAsync(Message.CaughtUp);
        await _node.AppendAsync(LedgerEu, Started("a"), Succeeded("a"), Started("b"));

        Assert.Equal(
            [Message.Event, Message.Event, Message.ExecutionEnded], (await watch.UntilAsync()).Select(message => message.MessageCase));
    }

    private WatchSession Watch(WatchStart? start, EventFilter? filter, bool until = true) => _node.Watch(new WatchJobRequest
    {
        JobId = "ledger-eu",
        Start = start,
        Filter = filter,
        UntilExecutionEnds = until,
    });
}
