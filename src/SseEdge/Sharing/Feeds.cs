using System.Collections.Concurrent;
using Google.Protobuf;
using Jobwatch.SseEdge.Streaming;
using Microsoft.Extensions.Options;

namespace Jobwatch.SseEdge.Sharing;

/// <summary>The feeds of this edge.</summary>
internal sealed class Feeds<TMessage>(IOptions<StreamingOptions> options, TimeProvider time)
    where TMessage : class, IMessage, new()
{
    private readonly ConcurrentDictionary<FeedKey, Feed<TMessage>> _feeds = new();

    /// <summary>
    /// Joins the feed of a key after a frame that the caller's own stream gave, or makes a feed of that stream. Null if the feed has
    /// no such frame at hand: the caller goes on by itself, and may try again. Else the stream is no longer the caller's.
    /// </summary>
    public async ValueTask<FeedReader<TMessage>?> TryJoinAsync(
        FeedKey key, Frame after, NodeStream<TMessage> own, FrameForm<TMessage> form, bool onlyAtHead = false)
    {
        if (_feeds.TryGetValue(key, out var feed))
        {
            var reader = feed.TryEnter(after, onlyAtHead);
            if (reader is not null)
                await LetGoAsync(own, reader);
            return reader;
        }

        var made = new Feed<TMessage>(key, after, own, form, time);
        var first = made.Begin();
        if (!_feeds.TryAdd(key, made))
            return null;
        _ = RunAsync(made);
        return first;
    }

    /// <summary>How long the node may be silent to a reader that no feed has.</summary>
    public Silence NewSilence() => new(options.Value.HeartbeatAfter, time);

    // Of a reader that nobody gets the feed would never be rid.
    private static async Task LetGoAsync(NodeStream<TMessage> own, FeedReader<TMessage> reader)
    {
        try
        {
            await own.DisposeAsync();
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    private async Task RunAsync(Feed<TMessage> feed)
    {
        // What is at hand would be brought by the caller, whose reader waits for it.
        await Task.Yield();
        await feed.RunAsync();
        _feeds.TryRemove(KeyValuePair.Create(feed.Key, feed));
    }
}
