using Jobwatch.StreamService.Journal;
using Jobwatch.V1;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;

namespace Jobwatch.StreamService.Tests.Journal;

/// <summary>What appends that share a commit do to each other.</summary>
public sealed class SharedCommitTests
{
    [Fact]
    public async Task A_batch_that_comes_twice_into_one_commit_is_of_one_execution()
    {
        await using var journal = await JournalUnderTest.StartAsync();
        await journal.AppendAsync(Started("e"));
        await using var held = await HeldLogs.HoldAsync(journal.Source, LedgerEu);
        var busy = journal.AppendAsync(Logged("e"));
        await held.HasWaitersAsync(1);
        ExecutionEvent[] sent = [Started(""), Logged("")];
        var first = journal.AppendAsync(sent);
        var again = journal.AppendAsync([.. sent, Logged("")]);
        await held.DisposeAsync();

        await busy;
        var made = Assert.IsType<AppendOutcome.Appended>(await first);
        var repeated = Assert.IsType<AppendOutcome.Appended>(await again);
        Assert.Equal(made.MadeExecutionId, repeated.MadeExecutionId);
        Assert.Equal([3, 4, 5], repeated.Positions);
    }
}
