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

    [Fact]
    public async Task A_commit_is_told_with_the_failures_from_before_it_began()
    {
        await using var journal = await JournalUnderTest.StartAsync();
        var told = new List<long>();
        journal.Feed.Listen(committed => told.Add(committed.FailuresBefore));
        await journal.AppendAsync(Started("e"));
        await using var held = await HeldLogs.HoldAsync(journal.Source, LedgerEu);
        var busy = journal.AppendAsync(Logged("e"));
        await held.HasWaitersAsync(1);
        journal.Get<JournalDatabase>().NoteFailure();
        await held.DisposeAsync();

        await busy;
        await journal.AppendAsync(Logged("e"));
        Assert.Equal([0, 0, 1], told);
    }

    [Fact]
    public async Task What_follows_a_failed_append_of_its_chain_is_not_stored_and_what_follows_another_is()
    {
        await using var journal = await JournalUnderTest.StartAsync();
        await journal.AppendAsync(Started("e"));
        var chain = new AppendChain();
        await using var held = await HeldLogs.HoldAsync(journal.Source, LedgerEu);
        var busy = journal.AppendAsync(Logged("e"));
        await held.HasWaitersAsync(1);
        var before = AppendAsync(Logged("e", "before"));
        // No text of PostgreSQL holds a NUL: the group is split, and this one fails alone.
        var failed = AppendAsync(Started("a\0b"));
        var behind = AppendAsync(Logged("e", "behind"));
        var other = journal.AppendAsync(Logged("e", "other"));
        await held.DisposeAsync();

        await busy;
        Assert.Equal([3], (await before).Positions());
        await Assert.ThrowsAnyAsync<Exception>(() => failed);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => behind);
        Assert.Equal([4], (await other).Positions());
        await Assert.ThrowsAsync<StoreUnavailableException>(() => AppendAsync(Logged("e", "later")));

        Task<AppendOutcome> AppendAsync(ExecutionEvent added) => journal.Writer
            .AppendAsync(new AppendBatch(LedgerEu, [added], null), TestContext.Current.CancellationToken, chain).AsTask();
    }
}
