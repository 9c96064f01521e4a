using Grpc.Core;
using Jobwatch.StreamService.Cursors;
using Jobwatch.Testing;
using Jobwatch.V1;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;
using Message = Jobwatch.V1.WatchJobResponse.MessageOneofCase;

namespace Jobwatch.StreamService.Tests.Watching;

public sealed class StreamAgeTests : IAsyncLifetime
{
    private NodeUnderTest _node = null!;

    public async ValueTask InitializeAsync() =>
        _node = await NodeUnderTest.StartAsync(settings: [("Watching:MaxStreamAge", "00:05:00"), ("Watching:HeartbeatInterval", "00:10:00")]);

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task A_stream_that_is_old_enough_is_sent_on_with_its_cursor_and_not_all_at_once()
    {
        await _node.AppendAsync(LedgerEu, Started("e"), Logged("e"));
        var log = (await _node.Reader.FindJobAsync(LedgerEu, TestContext.Current.CancellationToken))!.Log;
        var watches = Enumerable.Range(0, 40).Select(_ => _node.Watch(new WatchJobRequest { JobId = "ledger-eu" })).ToList();
        watches.Add(_node.Watch(new WatchJobRequest { JobId = "ledger-xx", AllowMissing = true }));
        foreach (var watch in watches)
        {
            await watch.UntilAsync(Message.CaughtUp);
        }

        var ends = watches.Select(watch => watch.NextAsync(Message.Draining)).ToList();
        _node.Time.Advance(TimeSpan.FromMinutes(3.9));
        Assert.DoesNotContain(ends, end => end.IsCompleted);
        _node.Time.Advance(TimeSpan.FromMinutes(1.1));
        await Eventually.TrueAsync(() => ends.Count(end => end.IsCompleted) > 5, TimeSpan.FromSeconds(10), "some have ended");
        Assert.Contains(ends, end => !end.IsCompleted);
        _node.Time.Advance(TimeSpan.FromMinutes(1.1));

        var draining = await Task.WhenAll(ends);
        Assert.All(draining[..^1], message => Assert.Equal(Cursor.After(log, 2).ToString(), message.Cursor));
        Assert.All(draining, message => Assert.InRange(message.Draining.RetryDelay.ToTimeSpan(), TimeSpan.Zero, TimeSpan.FromSeconds(1)));
        foreach (var watch in watches)
        {
            await watch.FailsAsync(StatusCode.Unavailable, "STREAM_TOO_OLD");
            watch.Dispose();
        }
    }

    [Fact]
    public async Task Whoever_goes_on_misses_nothing()
    {
        await _node.AppendAsync(LedgerEu, Started("e"));
        using var old = _node.Watch(new WatchJobRequest { JobId = "ledger-eu" });
        await old.UntilAsync(Message.CaughtUp);
        var end = old.NextAsync(Message.Draining);
        _node.Time.Advance(TimeSpan.FromMinutes(6.1));
        var cursor = (await end).Cursor;
        await _node.AppendAsync(LedgerEu, Logged("e"));

        using var next = _node.Watch(new WatchJobRequest { JobId = "ledger-eu", Start = new WatchStart { Cursor = cursor } });
        Assert.Equal([2L], await next.PositionsAsync(1));
    }
}
