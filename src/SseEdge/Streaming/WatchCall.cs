using Google.Protobuf;
using Grpc.Core;
using Jobwatch.Client;

namespace Jobwatch.SseEdge.Streaming;

/// <summary>One stream of the node, as a request asked for it.</summary>
/// <param name="Open">Makes the call; throws the node's refusal.</param>
/// <param name="Follow">The messages of an open call and, if it breaks, of those that go on where it stopped.</param>
/// <param name="Form">How its messages are read.</param>
internal sealed record WatchCall<TMessage>(
    Func<Metadata, CancellationToken, Task<JobWatch<TMessage>>> Open,
    Func<JobWatch<TMessage>, Metadata, CancellationToken, IAsyncEnumerable<TMessage>> Follow,
    FrameForm<TMessage> Form)
    where TMessage : IMessage, new();
