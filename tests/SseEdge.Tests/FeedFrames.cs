using System.Runtime.InteropServices;
using System.Text;
using Jobwatch.SseEdge.Sharing;
using Jobwatch.SseEdge.Streaming;
using Jobwatch.V1;
using Microsoft.Extensions.Time.Testing;

namespace Jobwatch.SseEdge.Tests;

/// <summary>What a feed holds, and where its readers stop and enter.</summary>
public sealed class FeedFrames
{
    private static readonly Frame Live = new("c0", Frame.CaughtUp, new CaughtUp(), new WatchJobResponse());

    [Fact]
    public void What_all_have_read_is_let_go_of_but_for_one_chunk()
    {
        var ring = new ChunkRing(new FrameMark("c0", Frame.CaughtUp, null, 0, 0));
        for (var chunk = 2; chunk <= 10; chunk++)
            ring.Grow(1, isFlood: true);

        ring.DropBelow(8);
        Assert.Null(ring.Find(6));
        Assert.NotNull(ring.Find(7));
        ring.DropBelow(100);
        Assert.Null(ring.Find(8));
        Assert.NotNull(ring.Find(9));
        Assert.Same(ring.Newest, ring.Find(10));
    }

    [Fact]
    public void What_all_have_read_makes_room_for_what_comes()
    {
        var ring = new ChunkRing(new FrameMark("c0", Frame.CaughtUp, null, 0, 0));
        Add(ring, "c1");
        var first = ring.Newest;
        Grow(ring, "c2");
        Grow(ring, "c3");
        Assert.NotSame(Place(first), Place(ring.Find(2)!));

        ring.DropBelow(3);
        Grow(ring, "c4");
        Grow(ring, "c5");
        Assert.Same(Place(first), Place(ring.Find(4)!));
        Assert.NotSame(Place(first), Place(ring.Newest));
        // Nothing of what was there before, and nothing of what is still there lost.
        Assert.Equal(["c2", "c3", "c4", "c5"], Enumerable.Range(2, 4).Select(number => Only(ring.Find(number)!)));
        Assert.Equal(["c1", "c2", "c3", "c4"], Enumerable.Range(2, 4).Select(number => ring.Find(number)!.Before(0).Cursor));

        static void Grow(ChunkRing ring, string cursor)
        {
            ring.Grow(1, isFlood: false);
            Add(ring, cursor);
        }

        static void Add(ChunkRing ring, string cursor) =>
            Assert.True(ring.Newest.TryAdd(Encoding.UTF8.GetBytes(cursor), new FrameMark(cursor, Frame.Update, null, 0, 0)));

        static string Only(FrameChunk chunk)
        {
            Assert.Equal(1, chunk.Count);
            var cursor = Encoding.UTF8.GetString(chunk.Bytes(0, 1).Span);
            Assert.Equal(cursor, chunk.Before(1).Cursor);
            return cursor;
        }

        static byte[]? Place(FrameChunk chunk) => MemoryMarshal.TryGetArray(chunk.Bytes(0, chunk.Count), out var place) ? place.Array : null;
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task Chunks_grow_in_a_flood_and_not_with_frames_now_and_then(int secondsBetween, bool isGrown)
    {
        var time = new FakeTimeProvider();
        var feed = Feed(Live, Now(time, TimeSpan.FromSeconds(secondsBetween)), time);
        var reader = feed.Begin();
        await feed.RunAsync();

        var newest = Enumerable.Range(2, ChunkRing.Chunks - 2).Select(number => feed.Find(number)).Last(chunk => chunk is not null)!;
        Assert.True(newest.Number > 3);
        Assert.Equal(isGrown, newest.Room > feed.Find(2)!.Room);
        Assert.NotEqual(0, reader.Read(bytes: 1).Length);
        reader.Dispose();
    }

    [Fact]
    public void A_flood_that_is_over_leaves_no_large_chunks_behind()
    {
        var ring = new ChunkRing(new FrameMark("c0", Frame.CaughtUp, null, 0, 0));
        var first = ring.Newest.Room;
        for (var i = 0; i < 10; i++)
            ring.Grow(1, isFlood: true);
        Assert.Equal(16 * first, ring.Newest.Room);

        for (var i = 0; i < 10; i++)
            ring.Grow(1, isFlood: false);
        Assert.Equal(first, ring.Newest.Room);
    }

    [Fact]
    public async Task A_reader_never_stops_between_an_executions_last_event_and_its_end()
    {
        var feed = Feed(Live, Succeeded("c1"), Ended("c1"));
        var reader = feed.Begin();
        await feed.RunAsync();

        var read = Encoding.UTF8.GetString(reader.Read(bytes: 1).Span);
        Assert.Contains("event: execution_ended", read, StringComparison.Ordinal);
        reader.Dispose();
    }

    [Fact]
    public async Task Nobody_enters_between_an_executions_last_event_and_its_end()
    {
        var last = new FrameForm<WatchJobResponse>().Of(Succeeded("c1"))!.Value;
        var feed = Feed(last, Ended("c1"));
        var reader = feed.Begin();

        var caughtUp = Live with { Cursor = "c1" };
        Assert.Null(feed.TryEnter(caughtUp));
        Assert.NotNull(feed.TryEnter(last));
        await feed.RunAsync();
        Assert.NotEqual(0, reader.Read(bytes: 1).Length);
        reader.Dispose();
    }

    private static Feed<WatchJobResponse> Feed(in Frame after, params WatchJobResponse[] messages) =>
        Feed(after, messages.ToAsyncEnumerable(), TimeProvider.System);

    private static Feed<WatchJobResponse> Feed(in Frame after, IAsyncEnumerable<WatchJobResponse> messages, TimeProvider time) => new(
        new FeedKey("", new SseFraming(), ""), after,
        new NodeStream<WatchJobResponse>("c0", null, _ => messages, new FrameForm<WatchJobResponse>(), new Silence(TimeSpan.FromSeconds(20), TimeProvider.System), new CancellationTokenSource()),
        new FrameForm<WatchJobResponse>(), time);

    // A few chunks of frames, less than fill the ring.
    private static async IAsyncEnumerable<WatchJobResponse> Now(FakeTimeProvider time, TimeSpan between)
    {
        await Task.CompletedTask;
        for (var position = 1; position <= 100; position++)
        {
            time.Advance(between);
            yield return new WatchJobResponse
            {
                Cursor = $"c{position}",
                Event = new ExecutionEvent { ExecutionId = "e", Position = position, LogWritten = new LogWritten { Text = new string('x', 100) } },
            };
        }
    }

    private static WatchJobResponse Succeeded(string cursor) => new()
    {
        Cursor = cursor,
        Event = new ExecutionEvent { ExecutionId = "e", Position = 1, ExecutionSucceeded = new ExecutionSucceeded() },
    };

    private static WatchJobResponse Ended(string cursor) => new() { Cursor = cursor, ExecutionEnded = new ExecutionEnded { ExecutionId = "e" } };
}
