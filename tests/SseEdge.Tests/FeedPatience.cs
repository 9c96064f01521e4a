using Jobwatch.SseEdge.Sharing;
using Jobwatch.SseEdge.Streaming;
using Jobwatch.SseEdge.Tests.Peer;
using Jobwatch.Testing;
using Jobwatch.V1;
using Microsoft.Extensions.Time.Testing;

namespace Jobwatch.SseEdge.Tests;

/// <summary>How long a feed in a flood waits for readers that stand still, beside others who read all that there is.</summary>
public sealed class FeedPatience : IAsyncLifetime
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<FeedReader<WatchJobResponse>> _readers = [];
    private readonly List<Task> _running = [];
    private readonly Feed<WatchJobResponse> _feed;
    private int _said;

    public FeedPatience()
    {
        var form = new FrameForm<WatchJobResponse>();
        var source = new NodeStream<WatchJobResponse>(
            "c0", null, _ => FloodAsync(), form, new Silence(TimeSpan.FromSeconds(20), _time), new CancellationTokenSource());
        _feed = new Feed<WatchJobResponse>(new FeedKey("", new SseFraming(), ""), new Frame("c0", Frame.CaughtUp, new CaughtUp(), new WatchJobResponse()), source, form, _time);
    }

    // Whether nothing more can come without dropping what the first reader needs.
    private bool IsFull => _feed.Find(_readers[0].Chunk + ChunkRing.Chunks - 1) is not null;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var reader in _readers)
        {
            reader.Signal();
            reader.Dispose();
        }

        await Task.WhenAll(_running);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(8, 20)]
    public async Task Few_that_stand_still_are_left_behind_soon(int silent, int all)
    {
        var still = Start(silent, all);
        var held = await UntilHeldAsync();

        Pass(TimeSpan.FromMilliseconds(300));

        await GoesOnAsync(held);
        Assert.All(still, reader => Assert.True(reader.IsLeftBehind));
    }

    [Theory]
    [InlineData(9, 20)]
    [InlineData(2, 3)]
    public async Task Many_that_stand_still_are_waited_for(int silent, int all)
    {
        var still = Start(silent, all);
        var held = await UntilHeldAsync();

        Pass(TimeSpan.FromMilliseconds(1900));

        Assert.Equal(held, await UntilHeldAsync());
        Assert.All(still, reader => Assert.False(reader.IsLeftBehind));
        Pass(TimeSpan.FromMilliseconds(400));
        await GoesOnAsync(held);
    }

    [Fact]
    public async Task Many_that_crawl_do_not_slow_the_others_down_for_good()
    {
        var crawling = Start(9, 20);
        for (var second = 0; second < 10 && !crawling[0].IsLeftBehind; second++)
        {
            await UntilHeldAsync(orLeftBehind: crawling[0]);
            foreach (var reader in crawling)
                ReadOneChunk(reader);
            Pass(TimeSpan.FromSeconds(1));
        }

        Assert.All(crawling, reader => Assert.True(reader.IsLeftBehind));
    }

    private List<FeedReader<WatchJobResponse>> Start(int silent, int all)
    {
        for (var count = 0; count < all; count++)
            _readers.Add(_feed.Begin());
        foreach (var reader in _readers.Skip(silent))
            _running.Add(Task.Run(() => ReadOnAsync(reader)));
        _running.Add(Task.Run(_feed.RunAsync));
        return _readers[..silent];
    }

    private async Task ReadOnAsync(FeedReader<WatchJobResponse> reader)
    {
        while (!_stop.IsCancellationRequested)
        {
            while (!reader.Read(64 * 1024).IsEmpty)
            {
            }

            await reader.WaitAsync();
        }
    }

    // Ends with the test, or when it has said far more than any of them asks for.
    private async IAsyncEnumerable<WatchJobResponse> FloodAsync()
    {
        await Task.Yield();
        var text = new string('x', 1000);
        while (_said < 100_000 && !_stop.IsCancellationRequested)
            yield return Says.Event(Interlocked.Increment(ref _said), text);
    }

    // No time passes meanwhile: whoever is waited for now is waited for until it does.
    private async Task<int> UntilHeldAsync(FeedReader<WatchJobResponse>? orLeftBehind = null)
    {
        var before = -1;
        await Eventually.TrueAsync(
            () => (before == (before = Volatile.Read(ref _said)) && IsFull) || orLeftBehind is { IsLeftBehind: true },
            TimeSpan.FromSeconds(10),
            "a feed that waits");
        return before;
    }

    private static void ReadOneChunk(FeedReader<WatchJobResponse> reader)
    {
        for (var chunk = reader.Chunk; reader.Chunk == chunk && !reader.IsLeftBehind;)
            reader.Read(64 * 1024);
    }

    private Task GoesOnAsync(int held) =>
        Eventually.TrueAsync(() => Volatile.Read(ref _said) > held, TimeSpan.FromSeconds(10), "the feed going on");

    private void Pass(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += Step)
            _time.Advance(Step);
    }
}
