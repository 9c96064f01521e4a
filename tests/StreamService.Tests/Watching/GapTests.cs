using Jobwatch.StreamService.Tests.Journal;
using Jobwatch.V1;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;
using Message = Jobwatch.V1.WatchJobResponse.MessageOneofCase;

namespace Jobwatch.StreamService.Tests.Watching;

/// <summary>History is truncated at another node, where a live watch has not been yet.</summary>
public sealed class GapTests : IAsyncLifetime
{
    private NodeUnderTest _node = null!;
    private JournalUnderTest _other = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await NodeUnderTest.StartAsync(settings: [("Watching:HeartbeatInterval", "00:10:00"), ("Live:SweepInterval", "00:00:00.100")]);
        _other = await JournalUnderTest.StartAsync(_node.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await _other.DisposeAsync();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task Labels_that_came_within_a_gap_select_what_follows_it()
    {
        await _node.AppendAsync(LedgerEu, Queued("e"));
        using var watch = _node.Watch(new WatchJobRequest
        {
            JobId = "ledger-eu",
            Start = new WatchStart { Beginning = true },
            Filter = new EventFilter { Labels = { "ledger=eu" } },
            OnTruncated = "continue",
        });
        await watch.NextAsync(Message.CaughtUp);
        await _other.AppendAsync(Started("e", ("ledger", "eu")), Logged("e"));
        await _other.TruncateAsync(2);

        Assert.Equal(2, (await SweptAsync(watch))!.Gap.LastPosition);
        Assert.Equal(3, (await SweptAsync(watch))!.Event?.Position);
    }

    [Fact]
    public async Task A_live_watch_ends_with_a_gap_that_swallowed_the_end_it_waited_for()
    {
        await _node.AppendAsync(LedgerEu, Started("a"));
        using var watch = _node.Watch(new WatchJobRequest
        {
            JobId = "ledger-eu",
            Start = new WatchStart { Beginning = true },
            UntilExecutionEnds = true,
            OnTruncated = "continue",
        });
        await watch.NextAsync(Message.Event);
        await watch.NextAsync(Message.CaughtUp);
        await _other.AppendAsync(Logged("a"), Succeeded("a"));
        await _other.TruncateAsync(3);

        Assert.Equal(3, (await SweptAsync(watch))!.Gap.LastPosition);
        Assert.Null(await SweptAsync(watch));
    }

    [Fact]
    public async Task What_waits_for_its_turn_is_told_before_truncated_history_ends_the_watch()
    {
        await _node.AppendAsync(LedgerEu, Started("a"));
        using var watch = _node.Watch(new WatchJobRequest { JobId = "ledger-eu", Start = new WatchStart { Beginning = true }, MaxUpdatesPerSecond = 1 });
        await watch.NextAsync(Message.Event);
        await watch.NextAsync(Message.CaughtUp);
        await _node.AppendAsync(LedgerEu, Progress(), Progress(), Progress());
        await _other.AppendAsync(Logged("a"), Logged("a"));
        await _other.TruncateAsync(5);

        // The sweep finds the head, before it is the turn of what waits.
        var (conflated, _) = await _node.PassUntilAsync(watch.NextAsync(), TimeSpan.FromMilliseconds(20));
        Assert.Equal(2, conflated!.Conflated?.Count);
        Assert.Equal(4, (await watch.NextAsync())!.Event?.Position);
        await watch.FailsAsync(Grpc.Core.StatusCode.OutOfRange, "HISTORY_TRUNCATED");

        static ExecutionEvent Progress()
        {
            var progress = Event("a");
            progress.ProgressReported = new ProgressReported { Done = 1 };
            return progress;
        }
    }

    [Fact]
    public async Task An_awaited_execution_that_began_within_a_gap_is_awaited_no_more()
    {
        await _node.AppendAsync(LedgerEu, Started("a"));
        using var watch = _node.Watch(new WatchJobRequest
        {
            JobId = "ledger-eu",
            Start = new WatchStart { FromExecution = "b" },
            AllowMissing = true,
            OnTruncated = "continue",
        });
        await watch.NextAsync(Message.CaughtUp);
        await _other.AppendAsync(Started("b"), Logged("b"), Logged("a"));
        await _other.TruncateAsync(2);

        Assert.Equal(2, (await SweptAsync(watch))!.Gap.LastPosition);
        Assert.Equal(3, (await watch.NextAsync())!.Event?.Position);
        Assert.Equal(4, (await watch.NextAsync())!.Event?.Position);
    }

    private async Task<WatchJobResponse?> SweptAsync(WatchSession watch) =>
        (await _node.PassUntilAsync(watch.NextAsync(), TimeSpan.FromMilliseconds(100))).Result;
}
