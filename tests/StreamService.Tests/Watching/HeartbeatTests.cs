using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Journal;
using Jobwatch.V1;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;
using Message = Jobwatch.V1.WatchJobResponse.MessageOneofCase;

namespace Jobwatch.StreamService.Tests.Watching;

public sealed class HeartbeatTests : IAsyncLifetime
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private NodeUnderTest _node = null!;

    public async ValueTask InitializeAsync() => _node = await NodeUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task A_quiet_watch_says_at_each_interval_that_it_lives()
    {
        await _node.AppendAsync(LedgerEu, Started("e"));
        using var watch = _node.Watch(new WatchJobRequest { JobId = "ledger-eu" });
        await watch.UntilAsync(Message.CaughtUp);

        for (var i = 0; i < 3; i++)
        {
            var (heartbeat, passed) = await _node.PassUntilAsync(watch.NextAsync(Message.Heartbeat), TimeSpan.FromSeconds(1));
            Assert.Equal(await CursorAsync(1), heartbeat.Cursor);
            Assert.True(passed >= Interval);
        }
    }

    [Fact]
    public async Task The_interval_counts_from_the_last_message()
    {
        await _node.AppendAsync(LedgerEu, Started("e"));
        using var watch = _node.Watch(new WatchJobRequest { JobId = "ledger-eu" });
        await watch.UntilAsync(Message.CaughtUp);
        _node.Time.Advance(Interval - TimeSpan.FromSeconds(1));
        await _node.AppendAsync(LedgerEu, Logged("e"));
        await watch.PositionsAsync(1);

        _node.Time.Advance(Interval - TimeSpan.FromSeconds(1));
        await _node.AppendAsync(LedgerEu, Logged("e"));
        Assert.Equal([3], await watch.PositionsAsync(1));
    }

    [Fact]
    public async Task Its_cursor_has_moved_past_everything_that_the_filter_left_out()
    {
        await _node.AppendAsync(LedgerEu, Started("e"));
        using var watch = _node.Watch(new WatchJobRequest { JobId = "ledger-eu", Filter = new EventFilter { Text = "needle" } });
        await watch.UntilAsync(Message.CaughtUp);
        await _node.AppendAsync(LedgerEu, Logged("e"), Logged("e"), Logged("e", "a needle"), Logged("e"), Logged("e"));
        Assert.Equal([4], await watch.PositionsAsync(1));

        var (heartbeat, _) = await _node.PassUntilAsync(watch.NextAsync(Message.Heartbeat), Interval);
        Assert.Equal(await CursorAsync(6), heartbeat.Cursor);
        using var resumed = _node.Watch(new WatchJobRequest { JobId = "ledger-eu", Start = new WatchStart { Cursor = heartbeat.Cursor } });
        await resumed.NextAsync(Message.CaughtUp);
    }

    [Fact]
    public async Task A_watch_of_a_missing_job_lives_too_and_its_cursor_stands_before_the_first_event()
    {
        using var watch = _node.Watch(new WatchJobRequest { JobId = "ledger-eu", AllowMissing = true });
        await watch.NextAsync(Message.CaughtUp);
        var (heartbeat, _) = await _node.PassUntilAsync(watch.NextAsync(Message.Heartbeat), Interval);

        Assert.Equal(Cursor.BeforeFirst(LedgerEu).ToString(), heartbeat.Cursor);
    }

    [Fact]
    public async Task A_long_history_in_which_nothing_is_selected_does_not_silence_them()
    {
        await _node.AppendAsync(LedgerEu, Started("e"));
        for (var i = 0; i < 10; i++)
        {
            await _node.AppendAsync(LedgerEu, [.. Enumerable.Range(0, 500).Select(_ => Logged("e", new string('x', 200)))]);
        }

        // Time passes for every page that is read.
        using var clock = new Timer(_ => _node.Time.Advance(Interval), null, 0, 1);
        using var watch = _node.Watch(new WatchJobRequest
        {
            JobId = "ledger-eu",
            Start = new WatchStart { Beginning = true },
            Filter = new EventFilter { EventTypes = { "custom" } },
        });
        var messages = await watch.UntilAsync(Message.CaughtUp);

        Assert.All(messages.SkipLast(1), message => Assert.Equal(Message.Heartbeat, message.MessageCase));
        var positions = messages.Select(message => Cursor.TryParse(message.Cursor, out var cursor) ? cursor.Position : -1).ToList();
        Assert.Equal(positions.Order(), positions);
        Assert.True(positions.Count(position => position is > 0 and < 5001) >= 2, "heartbeats came from the middle of history");
        Assert.Equal(5001, positions[^1]);
    }

    private async Task<string> CursorAsync(long position) =>
        Cursor.After((await _node.Reader.FindJobAsync(LedgerEu, TestContext.Current.CancellationToken))!.Log, position).ToString();
}
