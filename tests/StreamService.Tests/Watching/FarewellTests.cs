using System.Diagnostics;
using Grpc.Core;
using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Tests.Journal;
using Jobwatch.StreamService.Watching;
using Jobwatch.Testing;
using Jobwatch.V1;
using Npgsql;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;
using Message = Jobwatch.V1.WatchJobResponse.MessageOneofCase;

namespace Jobwatch.StreamService.Tests.Watching;

public sealed class FarewellTests : IAsyncLifetime
{
    private NodeUnderTest _node = null!;

    public async ValueTask InitializeAsync() =>
        _node = await NodeUnderTest.StartAsync(settings: [("Watching:DrainSpread", "00:00:02"), ("Watching:DrainTimeout", "00:00:01")]);

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Every_stream_is_told_where_to_go_on_and_after_which_delay_and_ends_unavailable()
    {
        await _node.AppendAsync(LedgerEu, Started("e"), Logged("e"));
        var log = (await _node.Reader.FindJobAsync(LedgerEu, TestContext.Current.CancellationToken))!.Log;
        var watches = Enumerable.Range(0, 10).Select(_ => _node.Watch(new WatchJobRequest { JobId = "ledger-eu" })).ToList();
        using var waiting = _node.Watch(new WatchJobRequest { JobId = "ledger-xx", AllowMissing = true });
        foreach (var watch in watches.Append(waiting))
        {
            await watch.UntilAsync(Message.CaughtUp);
        }

        var stopping = _node.StopAsync();
        var delays = new HashSet<TimeSpan>();
        foreach (var watch in watches)
        {
            var draining = await watch.NextAsync(Message.Draining);
            Assert.Equal(Cursor.After(log, 2).ToString(), draining.Cursor);
            delays.Add(draining.Draining.RetryDelay.ToTimeSpan());
            await watch.FailsAsync(StatusCode.Unavailable, "DRAINING");
            watch.Dispose();
        }

        await waiting.NextAsync(Message.Draining);
        await waiting.FailsAsync(StatusCode.Unavailable, "DRAINING");
        await stopping;
        Assert.True(delays.Count > 5, "each watcher comes back at another time");
        Assert.All(delays, delay => Assert.InRange(delay, TimeSpan.Zero, TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public async Task A_watch_that_has_not_begun_is_told_at_once()
    {
        await using var source = NpgsqlDataSource.Create(_node.ConnectionString);
        await using var held = await HeldLogs.HoldJobsAsync(source);
        var beginning = Enumerable.Range(0, OpeningTurns.AtOnce + 1).Select(i => _node.Watch(new WatchJobRequest { JobId = $"ledger-{i}" })).ToList();
        await held.HasWaitersAsync(OpeningTurns.AtOnce);

        // The clock stands still: it isn't the drain's timeout that ends them.
        var stopping = _node.StopAsync();
        foreach (var watch in beginning)
        {
            await watch.FailsAsync(StatusCode.Unavailable, "DRAINING");
            watch.Dispose();
        }

        await held.DisposeAsync();
        await stopping;
    }

    [Fact]
    public async Task A_watcher_in_the_middle_of_history_loses_nothing()
    {
        await AppendMuchAsync();
        await using var next = await NodeUnderTest.StartAsync(_node.ConnectionString);
        using var watch = _node.Watch(new WatchJobRequest { JobId = "ledger-eu", Start = new WatchStart { Beginning = true } });
        await watch.PositionsAsync(1);
        var stopping = _node.StopAsync();
        var first = await watch.UntilAsync(Message.Draining);
        await watch.FailsAsync(StatusCode.Unavailable, "DRAINING");
        await stopping;

        Assert.InRange(first.Count, 2, 5_000);
        using var resumed = next.Watch(new WatchJobRequest { JobId = "ledger-eu", Start = new WatchStart { Cursor = first[^1].Cursor } });
        var rest = await resumed.UntilAsync(Message.CaughtUp);
        Assert.Equal(
            Enumerable.Range(2, 10_000).Select(position => (long)position),
            first.Concat(rest).Where(message => message.Event is not null).Select(message => message.Event.Position));
    }

    [Fact]
    public async Task A_reader_that_does_not_read_does_not_hold_the_shutdown()
    {
        await AppendMuchAsync();
        using var watch = _node.Watch(new WatchJobRequest { JobId = "ledger-eu", Start = new WatchStart { Beginning = true } });
        await watch.HeadersAsync();
        await StallAsync();
        using var clock = new Timer(_ => _node.Time.Advance(TimeSpan.FromSeconds(1)), null, 0, 100);
        var since = Stopwatch.StartNew();
        await _node.StopAsync();

        Assert.InRange(since.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    // The client's window of 64 KB is full, and nothing more is sent.
    private async Task StallAsync()
    {
        var (before, now) = (0L, 0L);
        await Eventually.TrueAsync(
            () =>
            {
                (before, now) = (now, _node.EventsSent);
                return now == before && now > 100;
            },
            TimeSpan.FromSeconds(30), "the stream stalls");
    }

    private async Task AppendMuchAsync()
    {
        await _node.AppendAsync(LedgerEu, Started("e"));
        for (var i = 0; i < 20; i++)
        {
            await _node.AppendAsync(LedgerEu, [.. Enumerable.Range(0, 500).Select(_ => Logged("e", new string('x', 500)))]);
        }
    }
}
