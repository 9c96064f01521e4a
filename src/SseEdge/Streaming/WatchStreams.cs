using Grpc.Core;
using Jobwatch.Client;
using Jobwatch.V1;

namespace Jobwatch.SseEdge.Streaming;

/// <summary>
/// The streams of the node over HTTP. The transcoder binds the request; the answer is written past it, since it can neither
/// frame events nor hold several messages for one flush.
/// </summary>
internal sealed class WatchStreams(JobwatchClient node, StreamAnswer answer) : WatchService.WatchServiceBase
{
    private static readonly FrameForm<WatchJobResponse> OneJob = new();
    private static readonly FrameForm<WatchJobsResponse> ManyJobs = new();
    private static readonly FrameForm<ReplayExecutionResponse> Replay = new();

    public override Task WatchJob(
        WatchJobRequest request, IServerStreamWriter<WatchJobResponse> responseStream, ServerCallContext context)
    {
        var http = context.GetHttpContext();
        if (StreamRequest.LastEventId(http.Request) is { } cursor)
            (request.Start ??= new WatchStart()).ResumeCursor = cursor;
        return answer.RunAsync(http, new WatchCall<WatchJobResponse>(
            (headers, stop) => node.OpenWatchAsync(request, headers, stop),
            (opened, headers, stop) => node.FollowAsync(opened, request, headers, stop),
            OneJob));
    }

    public override Task WatchJobs(
        WatchJobsRequest request, IServerStreamWriter<WatchJobsResponse> responseStream, ServerCallContext context)
    {
        var http = context.GetHttpContext();
        if (StreamRequest.LastEventId(http.Request) is { } cursor)
            (request.Start ??= new WatchStart()).ResumeCursor = cursor;
        return answer.RunAsync(http, new WatchCall<WatchJobsResponse>(
            (headers, stop) => node.OpenWatchAsync(request, headers, stop),
            (opened, headers, stop) => node.FollowAsync(opened, request, headers, stop),
            ManyJobs));
    }

    public override Task ReplayExecution(
        ReplayExecutionRequest request, IServerStreamWriter<ReplayExecutionResponse> responseStream, ServerCallContext context)
    {
        var http = context.GetHttpContext();
        if (StreamRequest.LastEventId(http.Request) is { } cursor)
            request.Cursor = cursor;
        return answer.RunAsync(http, new WatchCall<ReplayExecutionResponse>(
            (headers, stop) => node.OpenReplayAsync(request, headers, stop),
            (opened, headers, stop) => node.FollowAsync(opened, request, headers, stop),
            Replay));
    }
}
