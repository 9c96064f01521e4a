using Google.Protobuf;
using Grpc.Core;
using Jobwatch.SseEdge.Streaming;
using Jobwatch.V1;

namespace Jobwatch.SseEdge.Sharing;

/// <summary>What two watches have to have in common to get the same frames: credentials, form, job and filter.</summary>
internal sealed record FeedKey(string Authorization, IFraming Framing, string Request)
{
    /// <summary>
    /// The key of a watch; null if what it gets after its history depends on where it started: it ends by itself, or waits for an
    /// execution to begin.
    /// </summary>
    public static FeedKey? Of(WatchJobRequest request, Metadata headers, IFraming framing)
    {
        if (request.UntilExecutionEnds || request.Start is { FromCase: WatchStart.FromOneofCase.FromExecution })
            return null;
        var kept = new WatchJobRequest(request) { Start = null, AllowMissing = false };
        return new FeedKey(headers.GetValue("authorization") ?? "", framing, kept.ToByteString().ToBase64());
    }
}
