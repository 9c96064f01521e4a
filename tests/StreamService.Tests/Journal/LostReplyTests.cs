using Jobwatch.StreamService.Journal;
using Jobwatch.Testing;
using Npgsql;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;

namespace Jobwatch.StreamService.Tests.Journal;

public sealed class LostReplyTests
{
    [Fact]
    public async Task A_commit_whose_reply_was_lost_is_acknowledged_once_and_stored_once()
    {
        await using var cutter = await CutterAsync();
        await using var journal = await JournalUnderTest.StartAsync(cutter.ConnectionString);
        await journal.AppendAsync(Started("e"));

        cutter.Proxy.Arm(2);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => journal.AppendAsync(Logged("e"))));
        var made = Assert.IsType<AppendOutcome.Appended>(await journal.AppendAsync(Started(""), Logged("")));

        // A log that is remembered is written in a transaction of its own; after a failure it is read again, within one that is begun.
        Assert.Equal((2, 1), (cutter.Proxy.Cuts, cutter.Proxy.UnbegunCuts));
        Assert.Equal(Enumerable.Range(2, 20).Select(i => (long)i), answers.SelectMany(answer => answer.Positions()).Order());
        Assert.Equal(23, (await journal.LogAsync()).Count);
        Assert.NotNull(made.MadeExecutionId);
    }

    [Fact]
    public async Task An_end_whose_reply_was_lost_is_acknowledged_and_not_refused_as_coming_after_the_end()
    {
        await using var cutter = await CutterAsync();
        await using var journal = await JournalUnderTest.StartAsync(cutter.ConnectionString);

        cutter.Proxy.Arm(1);
        Assert.Equal([1, 2], (await journal.AppendAsync(LedgerEu, 0, Started("e"), Succeeded("e"))).Positions());
        Assert.Equal((1, 0), (cutter.Proxy.Cuts, cutter.Proxy.UnbegunCuts));
    }

    private static async Task<CutDatabase> CutterAsync()
    {
        var direct = new NpgsqlConnectionStringBuilder(await PostgresCluster.Shared.CreateDatabaseAsync());
        var proxy = new CommitReplyCutter(Path.Combine(direct.Host!, $".s.PGSQL.{direct.Port}"));
        direct.Host = "127.0.0.1";
        direct.Port = proxy.Port;
        return new CutDatabase(proxy, direct.ConnectionString);
    }

    private sealed record CutDatabase(CommitReplyCutter Proxy, string ConnectionString) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Proxy.DisposeAsync();
    }
}
