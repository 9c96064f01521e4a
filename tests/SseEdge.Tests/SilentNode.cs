using System.Threading.Channels;
using Jobwatch.SseEdge.Sharing;
using Jobwatch.SseEdge.Streaming;
using Jobwatch.SseEdge.Tests.Peer;
using Jobwatch.V1;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Jobwatch.SseEdge.Tests;

/// <summary>What a stream says while its node says nothing.</summary>
public sealed class SilentNode : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly FrameForm<WatchJobResponse> Form = new();

    private readonly FakeTimeProvider _time = new();
    private readonly Channel<WatchJobResponse> _node = Channel.CreateBounded<WatchJobResponse>(8);
    private readonly List<NodeStream<WatchJobResponse>> _streams = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var stream in _streams)
            await stream.DisposeAsync();
    }

    [Fact]
    public async Task It_says_a_heartbeat_with_the_cursor_that_was_said_last()
    {
        var stream = Stream();
        await SaysAsync(stream, Says.Event(3));

        var next = stream.MoveNextAsync().AsTask();
        _time.Advance(Limit - TimeSpan.FromMilliseconds(1));
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        await AssertHeartbeatAsync("c3", next, stream);
    }

    [Fact]
    public async Task It_says_one_after_the_other_and_then_all_that_comes()
    {
        var stream = Stream();
        await SaysAsync(stream, Says.Event(3));
        for (var beat = 0; beat < 3; beat++)
        {
            var next = stream.MoveNextAsync().AsTask();
            _time.Advance(Limit);
            await AssertHeartbeatAsync("c3", next, stream);
        }

        foreach (var position in new[] { 4, 5, 6 })
            await SaysAsync(stream, Says.Event(position));
        _node.Writer.Complete();
        Assert.False(await stream.MoveNextAsync());
    }

    [Fact]
    public async Task It_says_none_where_the_node_says_its_own_in_time()
    {
        var stream = Stream();
        for (var beat = 0; beat < 40; beat++)
        {
            var next = stream.MoveNextAsync().AsTask();
            _time.Advance(TimeSpan.FromSeconds(15));
            Assert.False(next.IsCompleted);
            _node.Writer.TryWrite(Says.Event(beat));
            Assert.True(await next);
            Assert.Equal($"c{beat}", stream.Current.Cursor);
        }
    }

    [Fact]
    public async Task It_says_none_for_the_time_in_which_nobody_waited()
    {
        var stream = Stream();
        await SaysAsync(stream, Says.Event(1));
        _time.Advance(2.5 * Limit);

        var next = stream.MoveNextAsync().AsTask();
        _time.Advance(0.9 * Limit);
        Assert.False(next.IsCompleted);
        _time.Advance(0.1 * Limit);

        await AssertHeartbeatAsync("c1", next, stream);
    }

    [Fact]
    public async Task Before_the_first_message_it_stands_where_the_stream_starts()
    {
        var stream = Stream();

        var next = stream.MoveNextAsync().AsTask();
        _time.Advance(Limit);

        await AssertHeartbeatAsync("c0", next, stream);
    }

    [Theory]
    [InlineData("c0", true)]
    [InlineData("", false)]
    public async Task It_says_none_before_a_snapshot_or_where_no_cursor_is_known(string startedFrom, bool beginsWithSnapshot)
    {
        var stream = Stream(startedFrom, beginsWithSnapshot);

        var next = stream.MoveNextAsync().AsTask();
        _time.Advance(3 * Limit);
        Assert.False(next.IsCompleted);
        _node.Writer.TryWrite(new WatchJobResponse { Cursor = "c2", Snapshot = new Snapshot() });
        Assert.True(await next);
        next = stream.MoveNextAsync().AsTask();
        _time.Advance(Limit);

        await AssertHeartbeatAsync("c2", next, stream);
    }

    [Fact]
    public async Task It_says_none_between_an_executions_last_event_and_its_end()
    {
        var stream = Stream();
        var last = Says.Event(1);
        last.Event.ExecutionSucceeded = new ExecutionSucceeded();
        await SaysAsync(stream, last);

        var next = stream.MoveNextAsync().AsTask();
        _time.Advance(3 * Limit);
        Assert.False(next.IsCompleted);
        _node.Writer.TryWrite(new WatchJobResponse { Cursor = "c1", ExecutionEnded = new ExecutionEnded() });
        Assert.True(await next);
        next = stream.MoveNextAsync().AsTask();
        _time.Advance(Limit);

        await AssertHeartbeatAsync("c1", next, stream);
    }

    [Fact]
    public async Task A_reader_that_a_feed_left_behind_has_them_too()
    {
        var feeds = new Feeds<WatchJobResponse>(Options.Create(new StreamingOptions()), _time);
        var shared = new SharedWatch<WatchJobResponse>(feeds, new FeedKey("", new SseFraming(), ""), (_, stop) => _node.Reader.ReadAllAsync(stop), Form);
        var stream = shared.Leave("c7");
        _streams.Add(stream);

        var next = stream.MoveNextAsync().AsTask();
        _time.Advance(Limit);

        await AssertHeartbeatAsync("c7", next, stream);
    }

    [Fact]
    public async Task What_ends_the_stream_while_it_waits_ends_it()
    {
        var stream = Stream();
        var next = stream.MoveNextAsync().AsTask();
        _time.Advance(Limit);
        await AssertHeartbeatAsync("c0", next, stream);
        next = stream.MoveNextAsync().AsTask();

        stream.Stop();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
    }

    private static async Task AssertHeartbeatAsync(string cursor, Task<bool> next, NodeStream<WatchJobResponse> stream)
    {
        Assert.True(await next.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.Equal(new WatchJobResponse { Cursor = cursor, Heartbeat = new Heartbeat() }, stream.Current);
    }

    private async Task SaysAsync(NodeStream<WatchJobResponse> stream, WatchJobResponse message)
    {
        _node.Writer.TryWrite(message);
        Assert.True(await stream.MoveNextAsync());
        Assert.Same(message, stream.Current);
    }

    private NodeStream<WatchJobResponse> Stream(string startedFrom = "c0", bool beginsWithSnapshot = false)
    {
        var stream = new NodeStream<WatchJobResponse>(
            startedFrom, null, stop => _node.Reader.ReadAllAsync(stop), Form, new Silence(Limit, _time), new CancellationTokenSource())
        {
            BeginsWithSnapshot = beginsWithSnapshot,
        };
        _streams.Add(stream);
        return stream;
    }
}
