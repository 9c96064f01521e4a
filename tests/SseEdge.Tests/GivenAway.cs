using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Jobwatch.SseEdge.Sharing;
using Jobwatch.SseEdge.Streaming;
using Jobwatch.SseEdge.Tests.Peer;
using Jobwatch.V1;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Jobwatch.SseEdge.Tests;

/// <summary>A reader's own stream becomes a feed, and the reader leaves at that very moment.</summary>
public sealed class GivenAway : IAsyncDisposable
{
    private static readonly FrameForm<WatchJobResponse> Form = new();
    private static readonly SseFraming Framing = new();
    private static readonly FeedKey Key = new("", Framing, "");
    private static readonly WatchJobResponse CaughtUp = new() { Cursor = "c0", CaughtUp = new CaughtUp() };

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Channel<WatchJobResponse> _node = Channel.CreateBounded<WatchJobResponse>(8);
    private readonly Feeds<WatchJobResponse> _feeds = new(Options.Create(new StreamingOptions()), TimeProvider.System);

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public async Task Who_joined_meanwhile_keeps_the_stream()
    {
        FeedReader<WatchJobResponse>? other = null;
        using var left = new CancellationTokenSource();
        // What brings a feed's frames begins with a yield: the feed is there, and the reader that made it doesn't have it yet.
        var moment = new FirstPost(() =>
        {
            other = _feeds.TryJoinAsync(Key, Form.Of(CaughtUp)!.Value, Stream(Channel.CreateBounded<WatchJobResponse>(1)), Form).AsTask().GetAwaiter().GetResult();
            left.Cancel();
        });
        _node.Writer.TryWrite(CaughtUp);

        await LeaveAsync(moment, left.Token);

        _node.Writer.TryWrite(Says.Event(1));
        Assert.NotNull(other);
        while (other.Read(1).IsEmpty)
        {
            Assert.False(other.HasEnded);
            await other.WaitAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        }

        Assert.Equal("c1", other.Last.Cursor);
        other.Dispose();
    }

    // On a thread whose context is the test's from the first step to the moment.
    private async Task LeaveAsync(SynchronizationContext moment, CancellationToken left)
    {
        var shared = new SharedWatch<WatchJobResponse>(_feeds, Key, (_, _) => throw new InvalidOperationException("Nobody is left behind."), Form);
        var body = new StreamBody(new DefaultHttpContext(), new StreamingOptions(), TimeProvider.System);
        await using var relay = new Relay<WatchJobResponse>(
            Stream(_node), shared, Form, Framing, body, new Streaming.Metrics(_services.GetRequiredService<IMeterFactory>()));
        var running = Task.Run(
            () =>
            {
                SynchronizationContext.SetSynchronizationContext(moment);
                return relay.RunAsync(left);
            },
            TestContext.Current.CancellationToken);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private static NodeStream<WatchJobResponse> Stream(Channel<WatchJobResponse> node) => new(
        "c0", null, stop => node.Reader.ReadAllAsync(stop), Form, new Silence(TimeSpan.FromSeconds(20), TimeProvider.System), new CancellationTokenSource());

    private sealed class FirstPost(Action act) : SynchronizationContext
    {
        private Action? _act = act;

        public override void Post(SendOrPostCallback d, object? state)
        {
            Interlocked.Exchange(ref _act, null)?.Invoke();
            base.Post(d, state);
        }
    }
}
