using Google.Rpc;
using Grpc.Core;
using Jobwatch.Testing;
using Jobwatch.V1;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;
using Message = Jobwatch.V1.WatchJobResponse.MessageOneofCase;

namespace Jobwatch.StreamService.Tests.Watching;

public sealed class StoreAwayTests : IAsyncLifetime
{
    private readonly PostgresCluster _cluster = new(fsync: false);
    private NodeUnderTest _node = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await NodeUnderTest.StartAsync(await _cluster.CreateDatabaseAsync());
        await _node.AppendAsync(LedgerEu, Started("e"));
        for (var i = 0; i < 10; i++)
        {
            await _node.AppendAsync(LedgerEu, [.. Enumerable.Range(0, 100).Select(_ => Logged("e", new string('x', 1000)))]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task A_watch_waits_for_a_store_that_comes_back_and_goes_on_without_a_hole()
    {
        using var watch = _node.Watch(new WatchJobRequest { JobId = "ledger-eu", Start = new WatchStart { Beginning = true } });
        await watch.PositionsAsync(1);
        await _cluster.KillAsync();
        await _cluster.StartAsync();
        using var clock = new Timer(_ => _node.Time.Advance(TimeSpan.FromMilliseconds(1)), null, 0, 1);

        Assert.Equal(Enumerable.Range(2, 1000).Select(position => (long)position), await watch.PositionsAsync(1000));
    }

    [Fact]
    public async Task A_watch_ends_unavailable_when_the_store_stays_away_and_is_resumed_by_its_cursor()
    {
        using var watch = _node.Watch(new WatchJobRequest { JobId = "ledger-eu", Start = new WatchStart { Beginning = true } });
        await watch.PositionsAsync(1);
        await _cluster.KillAsync();
        using (new Timer(_ => _node.Time.Advance(TimeSpan.FromMilliseconds(100)), null, 0, 10))
        {
            var messages = new List<WatchJobResponse>();
            var error = await Assert.ThrowsAsync<RpcException>(async () =>
            {
                while (await watch.NextAsync() is { } message)
                {
                    messages.Add(message);
                }
            });
            Assert.Equal((StatusCode.Unavailable, "STORE_UNAVAILABLE"), (error.StatusCode, error.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason));
            Assert.NotNull(error.GetRpcStatus()!.GetDetail<RetryInfo>());
            using var refused = _node.Watch(new WatchJobRequest { JobId = "ledger-eu" });
            await refused.FailsAsync(StatusCode.Unavailable, "STORE_UNAVAILABLE");
            await _cluster.StartAsync();
            using var resumed = _node.Watch(new WatchJobRequest { JobId = "ledger-eu", Start = new WatchStart { Cursor = messages[^1].Cursor } });
            var rest = await resumed.UntilAsync(Message.CaughtUp);
            Assert.Equal(
                Enumerable.Range(2, 1000).Select(position => (long)position),
                messages.Concat(rest).Where(message => message.Event is not null).Select(message => message.Event.Position));
        }
    }

    [Fact]
    public async Task A_live_watch_outlives_an_absence_of_the_store_and_goes_on()
    {
        using var watch = _node.Watch(new WatchJobRequest { JobId = "ledger-eu" });
        await watch.UntilAsync(Message.CaughtUp);
        await _cluster.KillAsync();
        await _node.PassUntilAsync(watch.NextAsync(Message.Heartbeat), TimeSpan.FromSeconds(15));
        await _cluster.StartAsync();
        await _node.AppendAsync(LedgerEu, Logged("e"));

        // Time may have passed for more than one heartbeat.
        var rest = await watch.UntilAsync(Message.Event);
        Assert.All(rest.SkipLast(1), message => Assert.Equal(Message.Heartbeat, message.MessageCase));
        Assert.Equal(1002, rest[^1].Event.Position);
    }
}
