using System.Buffers;
using Jobwatch.SseEdge.Sharing;
using Jobwatch.SseEdge.Streaming;
using Jobwatch.V1;
using Microsoft.Extensions.Time.Testing;

namespace Jobwatch.SseEdge.Tests;

/// <summary>The places of a feed's chunks, which are used again while readers are at others.</summary>
public sealed class FeedPlaces
{
    private const int Messages = 20_000;

    /// <summary>How far the feed may be before a reader, in messages: several chunks, and less than its ring.</summary>
    private const int Ahead = 150;

    private readonly FrameForm<WatchJobResponse> _form = new();
    private readonly SseFraming _framing = new();
    private readonly FakeTimeProvider _time = new();
    private readonly SemaphoreSlim[] _room = [new(Ahead), new(Ahead), new(Ahead)];

    [Fact]
    public async Task No_place_is_used_again_while_a_reader_is_at_it()
    {
        var expected = new ArrayBufferWriter<byte>();
        for (var position = 1; position <= Messages; position++)
            _framing.WriteFrame(expected, _form.Of(Message(position))!.Value);
        var feed = new Feed<WatchJobResponse>(
            new FeedKey("", _framing, ""), new Frame("c0", Frame.CaughtUp, new CaughtUp(), new WatchJobResponse()),
            new NodeStream<WatchJobResponse>("c0", null, _ => MessagesAsync(), _form, new Silence(TimeSpan.FromSeconds(20), TimeProvider.System), new CancellationTokenSource()),
            _form, _time);
        var reading = _room.Select(room => FollowAsync(feed.Begin(), room, expected.WrittenMemory)).ToList();
        await Task.WhenAll([feed.RunAsync(), .. reading]).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }

    // What is used again is what is let go of, once a second: a second goes by with each message.
    private async IAsyncEnumerable<WatchJobResponse> MessagesAsync()
    {
        for (var position = 1; position <= Messages; position++)
        {
            foreach (var room in _room)
                await room.WaitAsync();
            _time.Advance(TimeSpan.FromSeconds(1));
            yield return Message(position);
        }
    }

    private static async Task FollowAsync(FeedReader<WatchJobResponse> reader, SemaphoreSlim room, ReadOnlyMemory<byte> expected)
    {
        using (reader)
        {
            try
            {
                await ReadAsync(reader, room, expected);
            }
            finally
            {
                // The feed waits for nobody who has failed.
                room.Release(Messages);
            }
        }
    }

    private static async Task ReadAsync(FeedReader<WatchJobResponse> reader, SemaphoreSlim room, ReadOnlyMemory<byte> expected)
    {
        await Task.Yield();
        var offset = 0;
        while (!reader.HasEnded)
        {
            var before = reader.Last.Updates;
            var read = reader.Read(bytes: 1024);
            if (read.IsEmpty)
            {
                Assert.False(reader.IsLeftBehind);
                await reader.WaitAsync();
                continue;
            }

            // What was read has to stand until the next reading, whatever the feed does meanwhile.
            await Task.Yield();
            Assert.True(read.Span.SequenceEqual(expected.Span.Slice(offset, read.Length)), $"Other bytes than expected behind {offset}.");
            offset += read.Length;
            room.Release((int)(reader.Last.Updates - before));
        }

        Assert.Equal(expected.Length, offset);
    }

    private static WatchJobResponse Message(int position) => new()
    {
        Cursor = $"c{position}",
        Event = new ExecutionEvent { ExecutionId = "e", Position = position, LogWritten = new LogWritten { Text = new string((char)('a' + (position % 26)), 100) } },
    };
}
