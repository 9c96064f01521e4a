using Google.Protobuf;
using Grpc.Core;
using Jobwatch.Client;
using Jobwatch.SseEdge.Sharing;
using Jobwatch.V1;

namespace Jobwatch.SseEdge.Streaming;

/// <summary>
/// The streams of the node over HTTP. The transcoder binds the request; the answer is written past it, since it can neither
/// frame events nor hold several messages for one flush.
/// </summary>
internal sealed class WatchStreams(JobwatchClient node, StreamAnswer answer, Feeds<WatchJobResponse> feeds) : WatchService.WatchServiceBase
{
    private static readonly FrameForm<WatchJobResponse> OneJob = new();
    private static readonly FrameForm<WatchJobsResponse> ManyJobs = new();
    private static readonly FrameForm<ReplayExecutionResponse> Replay = new();

    public override Task WatchJob(
        WatchJobRequest request, IServerStreamWriter<WatchJobResponse> responseStream, ServerCallContext context) =>
        AnswerAsync(Call(request), context);

    public override Task WatchJobs(
        WatchJobsRequest request, IServerStreamWriter<WatchJobsResponse> responseStream, ServerCallContext context) =>
        AnswerAsync(Call(request), context);

    public override Task ReplayExecution(
        ReplayExecutionRequest request, IServerStreamWriter<ReplayExecutionResponse> responseStream, ServerCallContext context) =>
        AnswerAsync(Call(request), context);

    private static WatchStart GoingOn(WatchStart? start, string cursor) => new(start ?? new WatchStart()) { ResumeCursor = cursor };

    private static bool BeginsWithSnapshot(WatchStart? start) =>
        start is null or { FromCase: WatchStart.FromOneofCase.None or WatchStart.FromOneofCase.Latest, ResumeCursor: "" };

    private static WatchJobRequest GoingOn(WatchJobRequest request, string cursor) =>
        new(request) { Start = GoingOn(request.Start, cursor) };

    private Task AnswerAsync<TMessage>(WatchCall<TMessage> call, ServerCallContext context)
        where TMessage : class, IMessage, new()
    {
        var http = context.GetHttpContext();
        return answer.RunAsync(http, StreamRequest.LastEventId(http.Request) is { } cursor ? call.After(cursor) : call);
    }

    private WatchCall<WatchJobResponse> Call(WatchJobRequest request) => new(
        (headers, stop) => node.OpenWatchAsync(request, headers, stop),
        (opened, headers, stop) => node.FollowAsync(opened, request, headers, stop),
        cursor => Call(GoingOn(request, cursor)),
        OneJob)
    {
        BeginsWithSnapshot = BeginsWithSnapshot(request.Start),
        Share = (headers, framing) => FeedKey.Of(request, headers, framing) is { } key
            ? new SharedWatch<WatchJobResponse>(
                feeds, key, (cursor, stop) => node.WatchJobAsync(GoingOn(request, cursor), headers, stop), OneJob, request.AllowMissing)
            : null,
    };

    private WatchCall<WatchJobsResponse> Call(WatchJobsRequest request) => new(
        (headers, stop) => node.OpenWatchAsync(request, headers, stop),
        (opened, headers, stop) => node.FollowAsync(opened, request, headers, stop),
        cursor => Call(new WatchJobsRequest(request) { Start = GoingOn(request.Start, cursor) }),
        ManyJobs);

    private WatchCall<ReplayExecutionResponse> Call(ReplayExecutionRequest request) => new(
        (headers, stop) => node.OpenReplayAsync(request, headers, stop),
        (opened, headers, stop) => node.FollowAsync(opened, request, headers, stop),
        cursor => Call(new ReplayExecutionRequest(request) { Cursor = cursor }),
        Replay);
}
