using Google.Protobuf;
using Jobwatch.SseEdge.Streaming;

namespace Jobwatch.SseEdge.Sharing;

/// <summary>A watch that may share a feed with others.</summary>
/// <param name="Feeds">All of its kind.</param>
/// <param name="Key">Of the feed.</param>
/// <param name="GoOn">Its own messages after a cursor, over as many connections to the node as it takes.</param>
/// <param name="Form">How its messages are read.</param>
/// <param name="MayAwaitJob">Whether it may have begun before there was such a job.</param>
internal sealed record SharedWatch<TMessage>(
    Feeds<TMessage> Feeds, FeedKey Key, Func<string, CancellationToken, IAsyncEnumerable<TMessage>> GoOn, FrameForm<TMessage> Form, bool MayAwaitJob = false)
    where TMessage : class, IMessage, new()
{
    /// <inheritdoc cref="Feeds{TMessage}.TryJoinAsync"/>
    public ValueTask<FeedReader<TMessage>?> TryJoinAsync(Frame after, NodeStream<TMessage> own) =>
        Feeds.TryJoinAsync(Key, after, own, Form, onlyAtHead: MayAwaitJob && after.Cursor == own.StartedFrom);

    /// <summary>A stream of its own that goes on after a cursor, for a reader that a feed left behind.</summary>
    public NodeStream<TMessage> Leave(string cursor) =>
        new(cursor, null, stop => GoOn(cursor, stop), Form, Feeds.NewSilence(), new CancellationTokenSource());
}
