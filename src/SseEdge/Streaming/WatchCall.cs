using Google.Protobuf;
using Grpc.Core;
using Jobwatch.Client;
using Jobwatch.SseEdge.Sharing;

namespace Jobwatch.SseEdge.Streaming;

/// <summary>One stream of the node, as a request asked for it.</summary>
/// <param name="Open">Makes the call; throws the node's refusal.</param>
/// <param name="Follow">The messages of an open call and, if it breaks, of those that go on where it stopped.</param>
/// <param name="After">The same stream, gone on with after a cursor.</param>
/// <param name="Form">How its messages are read.</param>
internal sealed record WatchCall<TMessage>(
    Func<Metadata, CancellationToken, Task<JobWatch<TMessage>>> Open,
    Func<JobWatch<TMessage>, Metadata, CancellationToken, IAsyncEnumerable<TMessage>> Follow,
    Func<string, WatchCall<TMessage>> After,
    FrameForm<TMessage> Form)
    where TMessage : class, IMessage, new()
{
    /// <summary>Whether its first message is a snapshot that who goes on after its start doesn't get. Of many jobs one does.</summary>
    public bool BeginsWithSnapshot { get; init; }

    /// <summary>How it shares what is live with others that get the same frames; null where it can't.</summary>
    public Func<Metadata, IFraming, SharedWatch<TMessage>?> Share { get; init; } = static (_, _) => null;
}
