using Grpc.Core;
using Jobwatch.StreamService.Cursors;
using Jobwatch.V1;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;
using Message = Jobwatch.V1.WatchJobResponse.MessageOneofCase;

namespace Jobwatch.StreamService.Tests.Watching;

public sealed class ConflatedWatchTests : IAsyncLifetime
{
    private NodeUnderTest _node = null!;

    public async ValueTask InitializeAsync() => _node = await NodeUnderTest.StartAsync(settings: [("Watching:HeartbeatInterval", "00:00:00.100")]);

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Theory]
    [InlineData(-1)]
    [InlineData(1001)]
    public async Task A_rate_out_of_range_is_refused_by_its_name(int rate)
    {
        using var watch = _node.Watch(new WatchJobRequest { JobId = "ledger-eu", AllowMissing = true, MaxUpdatesPerSecond = rate });
        var error = await watch.FailsAsync(StatusCode.InvalidArgument, "INVALID_FIELD");
        var field = Assert.Single(error.GetRpcStatus()!.GetDetail<Google.Rpc.BadRequest>().FieldViolations);
        Assert.Equal("max_updates_per_second", field.Field);
        Assert.Contains($"it is {rate}; it has to be 1 to 1000", field.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_is_passed_at_full_speed_and_ends_with_the_newest_of_each()
    {
        // The clock stands still: what waited for its turn would never come.
        await _node.AppendAsync(
            LedgerEu,
            [Started("a"), Started("b"), .. Repeated(200, () => Progress("a")), .. Repeated(200, () => Progress("b")), .. Repeated(200, () => Logged("a")), Raised("a")]);
        using var watch = _node.Watch(Conflated(2));
        var messages = await watch.UntilAsync(Message.CaughtUp);

        Assert.Equal(["1", "2", "-199", "202", "-199", "402", "-199", "602", "603", "CaughtUp"], Told(messages));
        Assert.Equal(await CursorAsync(401), messages[4].Cursor);
        Assert.Equal(await CursorAsync(603), messages[^1].Cursor);
    }

    [Fact]
    public async Task Caught_up_comes_after_what_still_waited()
    {
        await _node.AppendAsync(LedgerEu, [Started("a"), .. Repeated(9, () => Progress("a"))]);
        using var watch = _node.Watch(Conflated(1));

        Assert.Equal(["1", "-8", "10", "CaughtUp"], Told(await watch.UntilAsync(Message.CaughtUp)));
    }

    [Fact]
    public async Task The_newest_comes_in_its_turn_though_nothing_else_happens()
    {
        using var watch = await LiveAsync(Conflated(2));
        await _node.AppendAsync(LedgerEu, Repeated(5, () => Progress("a")));
        // One second's worth is two; the start of the execution took one of it.
        Assert.Equal([2], await watch.PositionsAsync(1));

        _node.Time.Advance(TimeSpan.FromMilliseconds(499));
        await watch.NextAsync(Message.Heartbeat);
        _node.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(["-3", "6"], Told(await watch.UntilAsync(Message.Event)));
    }

    [Fact]
    public async Task A_heartbeat_stays_before_what_waits()
    {
        using var watch = await LiveAsync(Conflated(1));
        await _node.AppendAsync(LedgerEu, Progress("a"), Progress("a"), Progress("a"));

        await BeatAsync(watch);
        var heartbeat = await BeatAsync(watch);
        Assert.Equal(await CursorAsync(1), heartbeat.Cursor);
        using var next = _node.Watch(Conflated(1, heartbeat.Cursor));
        Assert.Equal(["2", "-1", "4", "CaughtUp"], Told(await next.UntilAsync(Message.CaughtUp)));
    }

    [Fact]
    public async Task The_end_of_a_watch_comes_after_what_waited()
    {
        var request = Conflated(1);
        request.UntilExecutionEnds = true;
        request.Filter = new EventFilter { EventTypes = { "progress_reported" } };
        await _node.AppendAsync(LedgerEu, [Started("a"), .. Repeated(9, () => Progress("a")), Succeeded("a")]);
        using var watch = _node.Watch(request);

        Assert.Equal(["2", "-7", "10", "ExecutionEnded"], Told(await watch.UntilAsync()));
    }

    [Fact]
    public async Task A_farewell_comes_after_what_waited()
    {
        using var watch = await LiveAsync(Conflated(1));
        await _node.AppendAsync(LedgerEu, Progress("a"), Progress("a"));
        // By the second one it has taken in what was appended before the first.
        await BeatAsync(watch);
        await BeatAsync(watch);
        var stopping = _node.StopAsync();

        var told = await watch.UntilAsync(Message.Draining);
        Assert.Equal(["-1", "3", "Draining"], Told(told));
        Assert.Equal(await CursorAsync(3), told[^1].Cursor);
        await watch.FailsAsync(StatusCode.Unavailable, "DRAINING");
        await stopping;
    }

    private static ExecutionEvent[] Repeated(int count, Func<ExecutionEvent> next) => [.. Enumerable.Range(0, count).Select(_ => next())];

    private static ExecutionEvent Progress(string executionId)
    {
        var progress = Event(executionId);
        progress.ProgressReported = new ProgressReported { Done = 1 };
        return progress;
    }

    private static ExecutionEvent Raised(string executionId)
    {
        var raised = Event(executionId);
        raised.ErrorRaised = new ErrorRaised { Code = "E" };
        return raised;
    }

    private static WatchJobRequest Conflated(int rate, string resume = "") => new()
    {
        JobId = "ledger-eu",
        Start = new WatchStart { Beginning = true, ResumeCursor = resume },
        MaxUpdatesPerSecond = rate,
    };

    private static IEnumerable<string> Told(IEnumerable<WatchJobResponse> messages) => messages.Select(message => message.MessageCase switch
    {
        Message.Event => $"{message.Event.Position}",
        Message.Conflated => $"-{message.Conflated.Count}",
        var other => $"{other}",
    });

    // Live after one event, which took one of the budget.
    private async Task<WatchSession> LiveAsync(WatchJobRequest request)
    {
        await _node.AppendAsync(LedgerEu, Started("a"));
        var watch = _node.Watch(request);
        await watch.UntilAsync(Message.CaughtUp);
        return watch;
    }

    private async Task<WatchJobResponse> BeatAsync(WatchSession watch)
    {
        _node.Time.Advance(TimeSpan.FromMilliseconds(100));
        return await watch.NextAsync(Message.Heartbeat);
    }

    private async Task<string> CursorAsync(long position) =>
        Cursor.After((await _node.Reader.FindJobAsync(LedgerEu, TestContext.Current.CancellationToken))!.Log, position).ToString();
}
