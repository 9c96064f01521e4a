using Jobwatch.StreamService.Tests.Journal;
using Jobwatch.V1;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;
using Message = Jobwatch.V1.WatchJobResponse.MessageOneofCase;

namespace Jobwatch.StreamService.Tests.Watching;

public sealed class GapTests
{
    [Fact]
    public async Task Labels_that_came_within_a_gap_select_what_follows_it()
    {
        await using var node = await NodeUnderTest.StartAsync();
        await using var other = await JournalUnderTest.StartAsync(node.ConnectionString);
        await node.AppendAsync(LedgerEu, Queued("e"));
        using var watch = node.Watch(new WatchJobRequest
        {
            JobId = "ledger-eu",
            Start = new WatchStart { Beginning = true },
            Filter = new EventFilter { Labels = { "ledger=eu" } },
            OnTruncated = "continue",
        });
        await watch.NextAsync(Message.CaughtUp);
        await other.AppendAsync(Started("e", ("ledger", "eu")), Logged("e"));
        await other.TruncateAsync(2);

        var (gap, _) = await node.PassUntilAsync(watch.NextAsync(), TimeSpan.FromMilliseconds(100));
        Assert.Equal(2, gap!.Gap.LastPosition);
        var (next, _) = await node.PassUntilAsync(watch.NextAsync(), TimeSpan.FromMilliseconds(100));
        Assert.Equal(3, next!.Event?.Position);
    }

    [Fact]
    public async Task An_awaited_execution_that_began_within_a_gap_is_awaited_no_more()
    {
        await using var node = await NodeUnderTest.StartAsync();
        await using var other = await JournalUnderTest.StartAsync(node.ConnectionString);
        await node.AppendAsync(LedgerEu, Started("a"));
        using var watch = node.Watch(new WatchJobRequest
        {
            JobId = "ledger-eu",
            Start = new WatchStart { FromExecution = "b" },
            AllowMissing = true,
            OnTruncated = "continue",
        });
        await watch.NextAsync(Message.CaughtUp);
        await other.AppendAsync(Started("b"), Logged("b"), Logged("a"));
        await other.TruncateAsync(2);

        var (gap, _) = await node.PassUntilAsync(watch.NextAsync(), TimeSpan.FromMilliseconds(100));
        Assert.Equal(2, gap!.Gap.LastPosition);
        Assert.Equal(3, (await watch.NextAsync())!.Event?.Position);
        Assert.Equal(4, (await watch.NextAsync())!.Event?.Position);
    }
}
