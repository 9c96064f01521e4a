using Grpc.Core;
using Jobwatch.Testing;
using Jobwatch.V1;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;

namespace Jobwatch.StreamService.Tests.Watching;

/// <summary>One reader that stops, among others on the same connection.</summary>
public sealed class StalledReaderTests : IAsyncLifetime
{
    private const int Events = 4000;
    private const int Siblings = 50;

    private static readonly WatchJobRequest Everything = new() { JobId = "ledger-eu", Start = new WatchStart { Beginning = true } };

    private NodeUnderTest _node = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await NodeUnderTest.StartAsync(settings: [("Watching:StallTimeout", "00:02:00"), ("Watching:HeartbeatInterval", "00:10:00")]);
        await _node.AppendAsync(LedgerEu, Started("e"));
        for (var sent = 1; sent < Events; sent += 500)
        {
            await _node.AppendAsync(LedgerEu, [.. Enumerable.Range(0, Math.Min(500, Events - sent)).Select(_ => Logged("e", new string('x', 500)))]);
        }
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task The_others_are_sent_everything()
    {
        using var stopped = _node.Watch(Everything);
        await stopped.HeadersAsync();
        await StalledAsync();

        var siblings = Enumerable.Range(0, Siblings).Select(_ => _node.Watch(Everything)).ToList();
        var received = await Task.WhenAll(siblings.Select(sibling => sibling.PositionsAsync(Events)));

        Assert.All(received, positions => Assert.Equal(Events, positions[^1]));
        siblings.ForEach(sibling => sibling.Dispose());
    }

    [Fact]
    public async Task Its_stream_is_reset_after_a_while_and_the_others_go_on()
    {
        using var stopped = _node.Watch(Everything);
        await stopped.HeadersAsync();
        await StalledAsync();
        using var sibling = _node.Watch(new WatchJobRequest { JobId = "ledger-eu" });
        await sibling.UntilAsync(WatchJobResponse.MessageOneofCase.CaughtUp);

        _node.Time.Advance(TimeSpan.FromSeconds(119));
        Assert.Equal(0, _node.Counted("watch_stalled"));
        _node.Time.Advance(TimeSpan.FromSeconds(31));
        await Eventually.TrueAsync(() => _node.Counted("watch_stalled") == 1, TimeSpan.FromSeconds(10), "the stream is reset");

        Assert.Equal(StatusCode.Cancelled, (await stopped.ErrorAsync()).StatusCode);
        await _node.AppendAsync(LedgerEu, Logged("e"));
        Assert.Equal([Events + 1L], await sibling.PositionsAsync(1));
    }

    [Fact]
    public async Task A_reader_that_takes_a_little_now_and_then_stays()
    {
        using var slow = _node.Watch(Everything);
        await slow.HeadersAsync();
        var taken = 0;
        for (var i = 0; i < 6; i++)
        {
            await StalledAsync();
            _node.Time.Advance(TimeSpan.FromSeconds(90));
            taken += (await slow.PositionsAsync(300)).Count;
        }

        await slow.PositionsAsync(Events - taken);
        Assert.Equal(0, _node.Counted("watch_stalled"));
    }

    // The windows are full, and nothing more is sent.
    private async Task StalledAsync()
    {
        var (before, now, alike) = (0L, 0L, 0);
        await Eventually.TrueAsync(
            () =>
            {
                (before, now) = (now, _node.EventsSent);
                alike = now == before && now > 50 ? alike + 1 : 0;
                return alike == 5;
            },
            TimeSpan.FromSeconds(30), "the stream stalls");
    }
}
