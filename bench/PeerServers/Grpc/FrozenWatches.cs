using Grpc.Core;

namespace Jobwatch.Bench.PeerServers.Grpc;

/// <summary>One method that streams the feed's bytes as they are.</summary>
internal sealed class FrozenWatches(FrozenFeeds feeds)
{
    private const int FlushMessages = 32;
    private const int FlushBytes = 16 * 1024;

    /// <summary>Sends until the watcher leaves. Messages that are there go out together.</summary>
    public async Task WatchAsync(byte[] request, IServerStreamWriter<byte[]> stream, ServerCallContext context)
    {
        context.WriteOptions = new WriteOptions(WriteFlags.BufferHint);
        var body = context.GetHttpContext().Response.BodyWriter;
        await stream.WriteAsync(FrozenMessage.CaughtUp);
        await body.FlushAsync();
        var feed = feeds.Of(request);
        var reader = feed.Enter();
        try
        {
            var (messages, bytes) = (0, 0);
            while (!context.CancellationToken.IsCancellationRequested)
            {
                var more = feed.More;
                for (var head = feed.Head; reader.Position < head;)
                {
                    var message = feed.At(reader.Position + 1);
                    await stream.WriteAsync(message);
                    reader.Position++;
                    bytes += message.Length;
                    if (++messages >= FlushMessages || bytes >= FlushBytes)
                    {
                        await body.FlushAsync(context.CancellationToken);
                        (messages, bytes) = (0, 0);
                    }
                }

                if (messages > 0)
                {
                    await body.FlushAsync(context.CancellationToken);
                    (messages, bytes) = (0, 0);
                }

                feed.Moved();
                await more.WaitAsync(context.CancellationToken);
            }
        }
        finally
        {
            feed.Leave(reader);
        }
    }
}
