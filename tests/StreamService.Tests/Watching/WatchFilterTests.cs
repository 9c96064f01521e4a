using Google.Rpc;
using Grpc.Core;
using Jobwatch.StreamService.Cursors;
using Jobwatch.V1;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;
using Message = Jobwatch.V1.WatchJobResponse.MessageOneofCase;

namespace Jobwatch.StreamService.Tests.Watching;

public sealed class WatchFilterTests : IAsyncLifetime
{
    private NodeUnderTest _node = null!;

    public async ValueTask InitializeAsync() => _node = await NodeUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Each_part_selects_its_events_and_all_have_to_hold()
    {
        await _node.AppendAsync(
            LedgerEu,
            Queued("a"), Started("a"), Log("a", V1.LogLevel.Debug, "first"), Log("a", V1.LogLevel.Error, "SECOND"),
            Queued("b"), Log("b", V1.LogLevel.Warn, "third"), Started("b"), Succeeded("a"));

        await SelectsAsync(new EventFilter(), 1, 2, 3, 4, 5, 6, 7, 8);
        await SelectsAsync(new EventFilter { ExecutionIds = { "b", "x" } }, 5, 6, 7);
        await SelectsAsync(new EventFilter { EventTypes = { "execution_queued", "execution_succeeded" } }, 1, 5, 8);
        await SelectsAsync(new EventFilter { Statuses = { ExecutionStatus.Queued } }, 1, 5, 6);
        await SelectsAsync(new EventFilter { MinLevel = V1.LogLevel.Warn }, 1, 2, 4, 5, 6, 7, 8);
        await SelectsAsync(new EventFilter { MinLevel = V1.LogLevel.Warn, EventTypes = { "log_written" } }, 4, 6);
        await SelectsAsync(new EventFilter { Text = "second" }, 4);
        await SelectsAsync(new EventFilter { Text = "IR", ExecutionIds = { "b" } }, 6);
        await SelectsAsync(new EventFilter { Text = "w7" });
    }

    [Fact]
    public async Task Labels_select_from_the_event_on_that_gave_them_and_the_first_ones_hold()
    {
        await _node.AppendAsync(
            LedgerEu,
            Queued("a"), Started("a", ("ledger", "eu"), ("kind", "full")), Logged("a"),
            Started("b", ("ledger", "us")), Logged("b"), Started("c"), Logged("c"),
            Started("c", ("ledger", "eu")), Logged("c"), Started("a", ("ledger", "us")), Logged("a"), Succeeded("b"));
        var log = (await _node.Reader.FindJobAsync(LedgerEu, TestContext.Current.CancellationToken))!.Log;

        await SelectsAsync(new EventFilter { Labels = { "ledger=eu" } }, 2, 3, 8, 9, 10, 11);
        await SelectsAsync(new EventFilter { Labels = { "ledger=eu", "kind=full" } }, 2, 3, 10, 11);
        await SelectsAsync(new EventFilter { Labels = { "ledger=us" } }, 4, 5, 12);
        for (var after = 0; after < 12; after++)
        {
            using var resumed = Watch(new EventFilter { Labels = { "ledger=eu" } }, new WatchStart { Cursor = Cursor.After(log, after).ToString() });
            Assert.Equal(new long[] { 2, 3, 8, 9, 10, 11 }.Where(position => position > after), Events(await resumed.UntilAsync(Message.CaughtUp)));
        }
    }

    [Fact]
    public async Task Labels_of_an_execution_that_gets_them_while_it_is_watched_hold_from_there()
    {
        await _node.AppendAsync(LedgerEu, Queued("a"));
        using var watch = Watch(new EventFilter { Labels = { "ledger=eu" } }, null);
        await watch.UntilAsync(Message.CaughtUp);
        await _node.AppendAsync(LedgerEu, Logged("a"), Started("a", ("ledger", "eu")), Logged("a"));

        Assert.Equal([3, 4], await watch.PositionsAsync(2));
    }

    [Fact]
    public async Task The_snapshot_has_only_executions_that_the_filter_selects()
    {
        await _node.AppendAsync(
            LedgerEu, Started("a", ("ledger", "eu")), Queued("b"), Started("c", ("ledger", "us")), Started("d", ("ledger", "eu")), Succeeded("d"));

        await ShowsAsync(null, "d", "c", "b", "a");
        await ShowsAsync(new EventFilter { ExecutionIds = { "a", "c" } }, "c", "a");
        await ShowsAsync(new EventFilter { Labels = { "ledger=eu" } }, "d", "a");
        await ShowsAsync(new EventFilter { Statuses = { ExecutionStatus.Queued, ExecutionStatus.Succeeded } }, "d", "b");
    }

    [Fact]
    public async Task The_snapshot_says_how_many_it_leaves_out()
    {
        await _node.AppendAsync(LedgerEu, [.. Enumerable.Range(0, 130).Select(i => Started($"e{i:000}"))]);
        using var watch = Watch(null, null);
        var snapshot = (await watch.NextAsync(Message.Snapshot)).Snapshot;

        Assert.Equal((100, 30, "e129"), (snapshot.Executions.Count, snapshot.Omitted, snapshot.Executions[0].ExecutionId));
    }

    [Fact]
    public async Task An_unknown_word_is_named_with_the_words_that_are_known()
    {
        await _node.AppendAsync(LedgerEu, Started("e"));

        Assert.Contains("log_written", await RefusedAsync("filter.event_types[1]", new EventFilter { EventTypes = { "custom", "logs" } }));
        Assert.Contains("EXECUTION_STATUS_QUEUED", await RefusedAsync("filter.statuses[0]", new EventFilter { Statuses = { (ExecutionStatus)77 } }));
        await RefusedAsync("filter.statuses[0]", new EventFilter { Statuses = { ExecutionStatus.Unspecified } });
        await RefusedAsync("filter.min_level", new EventFilter { MinLevel = (V1.LogLevel)9 });
        await RefusedAsync("filter.execution_ids[0]", new EventFilter { ExecutionIds = { "a b" } });
        await RefusedAsync("filter.labels[0]", new EventFilter { Labels = { "ledger" } });
        await RefusedAsync("filter.labels[0]", new EventFilter { Labels = { "a=\0" } });
        await RefusedAsync("filter.text", new EventFilter { Text = "a\0b" });
        await RefusedAsync("filter.text", new EventFilter { Text = new string('x', 257) });
        await RefusedAsync("filter.execution_ids", new EventFilter { ExecutionIds = { Enumerable.Repeat("e", 101) } });
        await RefusedAsync("filter.event_types", new EventFilter { EventTypes = { Enumerable.Repeat("custom", 33) } });
        await RefusedAsync("filter.labels", new EventFilter { Labels = { Enumerable.Repeat("a=b", 17) } });
    }

    private static ExecutionEvent Log(string executionId, V1.LogLevel level, string text)
    {
        var logged = Logged(executionId, text);
        logged.LogWritten.Level = level;
        return logged;
    }

    private static IEnumerable<long> Events(IEnumerable<WatchJobResponse> messages) =>
        messages.Where(message => message.Event is not null).Select(message => message.Event.Position);

    private WatchSession Watch(EventFilter? filter, WatchStart? start) =>
        _node.Watch(new WatchJobRequest { JobId = "ledger-eu", Start = start, Filter = filter });

    private async Task SelectsAsync(EventFilter filter, params long[] positions)
    {
        using var watch = Watch(filter, new WatchStart { Beginning = true });
        Assert.Equal(positions, Events(await watch.UntilAsync(Message.CaughtUp)));
    }

    private async Task ShowsAsync(EventFilter? filter, params string[] executionIds)
    {
        using var watch = Watch(filter, null);
        Assert.Equal(executionIds, (await watch.NextAsync(Message.Snapshot)).Snapshot.Executions.Select(execution => execution.ExecutionId));
    }

    private async Task<string> RefusedAsync(string field, EventFilter filter)
    {
        using var watch = Watch(filter, null);
        var error = await watch.FailsAsync(StatusCode.InvalidArgument, "INVALID_FILTER");
        Assert.Equal(field, error.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations.Single().Field);
        return error.Status.Detail;
    }
}
