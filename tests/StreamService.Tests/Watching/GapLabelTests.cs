using Jobwatch.StreamService.Tests.Journal;
using Jobwatch.V1;
using Npgsql;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;
using Message = Jobwatch.V1.WatchJobResponse.MessageOneofCase;

namespace Jobwatch.StreamService.Tests.Watching;

public sealed class GapLabelTests
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
        await using (var truncate = other.Source.CreateBatch())
        {
            truncate.BatchCommands.Add(new NpgsqlBatchCommand("DELETE FROM jobwatch.mt_events WHERE version <= 2"));
            truncate.BatchCommands.Add(new NpgsqlBatchCommand("UPDATE jobwatch.job SET floor = 2"));
            await truncate.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var (gap, _) = await node.PassUntilAsync(watch.NextAsync(), TimeSpan.FromMilliseconds(100));
        Assert.Equal(2, gap!.Gap.LastPosition);
        var (next, _) = await node.PassUntilAsync(watch.NextAsync(), TimeSpan.FromMilliseconds(100));
        Assert.Equal(3, next!.Event?.Position);
    }
}
