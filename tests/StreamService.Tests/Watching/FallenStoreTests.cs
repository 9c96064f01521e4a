using Grpc.Core;
using Jobwatch.Shared;
using Jobwatch.StreamService.Tests.Journal;
using Jobwatch.StreamService.Tests.WatchingMany;
using Jobwatch.Testing;
using Jobwatch.V1;
using Npgsql;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;
using Message = Jobwatch.V1.WatchJobResponse.MessageOneofCase;

namespace Jobwatch.StreamService.Tests.Watching;

/// <summary>A store that lost its last events, as a standby that was behind, and came past the old head by others before the sweep.</summary>
public sealed class FallenStoreTests : IAsyncLifetime
{
    private NodeUnderTest _node = null!;
    private JournalUnderTest _other = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await NodeUnderTest.StartAsync();
        _other = await JournalUnderTest.StartAsync(_node.ConnectionString);
        await _node.AppendAsync(LedgerEu, Started("e"));
    }

    public async ValueTask DisposeAsync()
    {
        await _other.DisposeAsync();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task Whoever_comes_after_the_sweep_begins_anew_though_one_who_saw_what_was_lost_is_still_there()
    {
        var log = (await _node.Reader.FindJobAsync(LedgerEu, TestContext.Current.CancellationToken))!.Log;
        // A watcher that stands still: nobody takes the log away by leaving last.
        using var lingering = _node.Live.Follow(log, new Wakeup());
        await _node.AppendAsync(LedgerEu, Logged("e", "lost"), Logged("e", "lost"));
        await LoseAsync();
        await _other.AppendAsync(Logged("e", "new"), Logged("e", "new"), Logged("e", "new"));

        // Its page holds other events than the node does. The clock stands still: no sweep has looked.
        using var finds = Watch();
        var error = await finds.FailsAsync(StatusCode.Unavailable, "STORE_UNAVAILABLE");
        Assert.Contains("has less", error.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(1, lingering.FellTo);
        // Nor does who comes to what there is now hear that he had seen more.
        using var latest = _node.Watch(new WatchJobRequest { JobId = "ledger-eu", Start = new WatchStart { Latest = true } });
        await latest.FailsAsync(StatusCode.Unavailable, "STORE_UNAVAILABLE");
        using var many = new JobsSession(_node, new WatchJobsRequest { JobIds = { "ledger-eu" }, Start = new WatchStart { Latest = true } });
        await many.FailsAsync(StatusCode.Unavailable, "STORE_UNAVAILABLE");

        await _node.PassUntilAsync(Eventually.TrueAsync(
            () => _node.Live.All.All(job => job.FellTo is null), TimeSpan.FromSeconds(30), "the log is let go"), TimeSpan.FromMilliseconds(100));
        using var comes = Watch();
        Assert.Equal([1, 2, 3, 4], await comes.PositionsAsync(4));
        await comes.NextAsync(Message.CaughtUp);
        Assert.Equal(1, lingering.FellTo);
        Assert.Contains("The store has lost events", Assert.Single(_node.TakeErrors()), StringComparison.Ordinal);
    }

    private WatchSession Watch() => _node.Watch(new WatchJobRequest { JobId = "ledger-eu", Start = new WatchStart { Beginning = true } });

    private async Task LoseAsync()
    {
        await using var connection = new NpgsqlConnection(_node.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var lose = new NpgsqlBatch(connection);
        lose.BatchCommands.Add(new NpgsqlBatchCommand("DELETE FROM jobwatch.mt_events WHERE version > 1"));
        lose.BatchCommands.Add(new NpgsqlBatchCommand("UPDATE jobwatch.mt_streams SET version = 1"));
        await lose.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
