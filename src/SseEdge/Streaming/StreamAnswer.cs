using Google.Protobuf;
using Grpc.Core;
using Jobwatch.Client;
using Jobwatch.SseEdge.Forwarding;
using Jobwatch.SseEdge.Hosting;
using Jobwatch.SseEdge.Problems;
using Microsoft.Extensions.Options;

namespace Jobwatch.SseEdge.Streaming;

/// <summary>Answers one request with a stream: opens it at the node, says where it starts, and lets it run.</summary>
internal sealed class StreamAnswer(
    IOptions<EdgeOptions> edge,
    IOptions<StreamingOptions> streaming,
    IHostApplicationLifetime lifetime,
    Metrics metrics,
    TimeProvider time,
    ILogger<StreamAnswer> logger)
{
    private const string StartedFrom = "Jobwatch-Last-Event-Id";

    /// <summary>Runs the stream to its end. Throws the node's refusal, and nothing once the response has started.</summary>
    public async Task RunAsync<TMessage>(HttpContext context, WatchCall<TMessage> call)
        where TMessage : IMessage, new()
    {
        var framing = StreamRequest.FramingOf(context);
        if (StreamRequest.LastEventId(context.Request) is not null)
            metrics.CameBack(framing);

        var headers = CallerMetadata.Of(context.Request);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        if (await OpenAsync(context, framing, () => call.Open(headers, stop.Token), stop) is not { } opened)
            return;

        await using (opened)
        {
            var response = context.Response;
            response.Headers.CacheControl = "no-store";
            response.Headers.Vary = "Accept";
            if (opened.StartedFrom is not null)
                response.Headers[StartedFrom] = opened.StartedFrom;
            if (opened.NothingLeft)
            {
                response.StatusCode = StatusCodes.Status204NoContent;
                return;
            }

            // For proxies such as nginx, which would collect events before they pass them on.
            response.Headers["X-Accel-Buffering"] = "no";
            response.ContentType = framing.ContentType;
            using var open = metrics.Opened(framing);
            var body = new StreamBody(context, streaming.Value, time);
            var run = new StreamRun<TMessage>(call.Form, framing, body, streaming.Value, metrics, logger);
            await run.RunAsync(call.Follow(opened, headers, stop.Token), opened.StartedFrom ?? "", stop, lifetime.ApplicationStopping);
        }
    }

    // Null where there is nobody left to answer.
    private async Task<JobWatch<TMessage>?> OpenAsync<TMessage>(
        HttpContext context, IFraming framing, Func<Task<JobWatch<TMessage>>> open, CancellationTokenSource stop)
    {
        try
        {
            return await open().WaitAsync(edge.Value.CallTimeout, time, stop.Token);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            metrics.Failed(framing);
            throw Refusal.Stopping(context);
        }
        catch (RpcException refused)
        {
            metrics.Failed(framing);
            throw Refusal.Of(context, refused, StreamRequest.InWordsOf(context.Request, NodeProblem.Of(refused)));
        }
        catch (TimeoutException)
        {
            await stop.CancelAsync();
            metrics.Failed(framing);
            throw Refusal.Of(context, new RpcException(new Status(StatusCode.DeadlineExceeded, "")));
        }
    }
}
