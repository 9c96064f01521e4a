using Grpc.Core;
using Jobwatch.V1;

namespace Jobwatch.SseEdge.Tests.Peer;

internal sealed class ScriptedWatches(ScriptedNode node) : WatchService.WatchServiceBase
{
    public override Task WatchJob(WatchJobRequest request, IServerStreamWriter<WatchJobResponse> responseStream, ServerCallContext context) =>
        node.Watch(request, responseStream, context);

    public override Task WatchJobs(WatchJobsRequest request, IServerStreamWriter<WatchJobsResponse> responseStream, ServerCallContext context) =>
        node.WatchMany(request, responseStream, context);

    public override Task ReplayExecution(
        ReplayExecutionRequest request, IServerStreamWriter<ReplayExecutionResponse> responseStream, ServerCallContext context) =>
        node.Replay(request, responseStream, context);
}
