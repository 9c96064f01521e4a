using Jobwatch.V1;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;
using Message = Jobwatch.V1.WatchJobResponse.MessageOneofCase;

namespace Jobwatch.StreamService.Tests.Watching;

/// <summary>More executions at a time than a watch holds in memory.</summary>
public sealed class ManyExecutionsTests : IAsyncLifetime
{
    private const int Many = 700;

    private NodeUnderTest _node = null!;

    public async ValueTask InitializeAsync() => _node = await NodeUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Labels_select_the_same_events_in_history_and_live(bool isLive)
    {
        using var early = isLive ? Watch(until: false, "ledger=eu") : null;
        if (early is not null)
        {
            await early.NextAsync(Message.CaughtUp);
        }

        await AppendAsync(index => Started($"e{index}", ("ledger", index % 3 == 0 ? "eu" : "us")));
        await AppendAsync(index => Logged($"e{index}"));
        await AppendAsync(index => Logged($"e{index}"));
        using var late = isLive ? null : Watch(until: false, "ledger=eu");

        var expected = Enumerable.Range(0, 3 * Many).Where(index => index % Many % 3 == 0).Select(index => index + 1L).ToList();
        Assert.Equal(expected, await (early ?? late)!.PositionsAsync(expected.Count));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_watch_ends_with_the_last_open_execution_and_not_before(bool isLive)
    {
        // One more that the labels leave out stays open.
        await _node.AppendAsync(LedgerEu, Started("other"), Started("first", ("ledger", "eu")));
        using var early = isLive ? Watch(until: true, "ledger=eu") : null;
        if (early is not null)
        {
            await early.UntilAsync(Message.CaughtUp);
        }

        await AppendAsync(index => Started($"e{index}", ("ledger", "eu")));
        await AppendAsync(index => Succeeded($"e{Many - 1 - index}"));
        await _node.AppendAsync(LedgerEu, Logged("other"), Succeeded("first"), Started("next", ("ledger", "eu")));
        using var late = isLive ? null : Watch(until: true, "ledger=eu");

        var messages = await (early ?? late)!.UntilAsync();
        var ended = messages[^1].ExecutionEnded;
        Assert.Equal(("first", 2 + (2 * Many) + 2), (ended?.ExecutionId, ended?.Position));
        Assert.Equal(Many + 1, messages.Count(message => message.ExecutionEnded is not null));
    }

    [Fact]
    public async Task A_watch_that_begins_among_many_open_executions_ends_with_the_last_of_them()
    {
        await AppendAsync(index => Started($"e{index}"));
        using var watch = Watch(until: true);
        await watch.UntilAsync(Message.CaughtUp);
        await AppendAsync(index => Succeeded($"e{index}"));

        var messages = await watch.UntilAsync();
        Assert.Equal(2 * Many, messages[^1].ExecutionEnded?.Position);
    }

    private WatchSession Watch(bool until, params string[] labels) => _node.Watch(new WatchJobRequest
    {
        JobId = LedgerEu.JobId,
        AllowMissing = true,
        Start = new WatchStart { Beginning = true },
        Filter = new EventFilter { Labels = { labels } },
        UntilExecutionEnds = until,
    });

    private Task<IReadOnlyList<long>> AppendAsync(Func<int, ExecutionEvent> one) =>
        _node.AppendAsync(LedgerEu, [.. Enumerable.Range(0, Many).Select(one)]);
}
