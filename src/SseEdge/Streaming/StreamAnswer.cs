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
    JobwatchClient node,
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
        where TMessage : class, IMessage, new()
    {
        var framing = StreamRequest.FramingOf(context);
        if (StreamRequest.LastEventId(context.Request) is not null)
            metrics.CameBack(framing);

        var headers = CallerMetadata.Of(context.Request);
        using var farewell = new CancellationTokenSource(AgeOf(streaming.Value.MaxStreamAge), time);
        using var edgeStops = lifetime.ApplicationStopping.UnsafeRegister(static farewell => ((CancellationTokenSource)farewell!).Cancel(), farewell);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, farewell.Token);
        // Of its own: whoever shares the stream later may need it for longer than this request.
        var life = new CancellationTokenSource();
        if (await OpenAsync(context, framing, call.Open(headers, life.Token), stop, life) is not { } opened)
            return;

        var body = new StreamBody(context, streaming.Value, time);
        await using var relay = new Relay<TMessage>(
            SourceOf(call, opened, headers, new Silence(streaming.Value.HeartbeatAfter, time), life), call.Share(headers, framing), call.Form, framing, body, metrics);
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
        var run = new StreamRun<TMessage>(relay, call.Form, framing, body, streaming.Value, metrics, logger);
        await run.RunAsync(stop.Token, farewell.Token);
    }

    // Four fifths of it to six: streams that began together don't end together.
    private static TimeSpan AgeOf(TimeSpan max) => max * (0.8 + (0.4 * Random.Shared.NextDouble()));

    // Apart, since whoever shares a feed lives long: what captured the opened call would keep it for as long.
    private static NodeStream<TMessage> SourceOf<TMessage>(
        WatchCall<TMessage> call, JobWatch<TMessage> opened, Metadata headers, Silence silence, CancellationTokenSource life)
        where TMessage : class, IMessage, new() =>
        new(opened.StartedFrom ?? "", opened, stopped => call.Follow(opened, headers, stopped), call.Form, silence, life)
        {
            BeginsWithSnapshot = call.BeginsWithSnapshot,
        };

    // Null where there is nobody left to answer.
    private async Task<JobWatch<TMessage>?> OpenAsync<TMessage>(
        HttpContext context,
        IFraming framing,
        Task<JobWatch<TMessage>> opening,
        CancellationTokenSource stop,
        CancellationTokenSource life)
    {
        // Let go of without waiting: a call that is under way is then the relay's to stop.
        using var stopped = stop.Token.UnsafeRegister(static life => ((CancellationTokenSource)life!).Cancel(), life);
        try
        {
            return await opening.WaitAsync(edge.Value.CallTimeout, time, stop.Token);
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
            await life.CancelAsync();
            metrics.Failed(framing);
            throw Refusal.Of(context, NodeProblem.WithoutAnswer(new RpcException(new Status(StatusCode.DeadlineExceeded, "")), node));
        }
    }
}
