using Grpc.Core;
using Jobwatch.Client;
using Jobwatch.V1;

namespace Jobwatch.SseEdge.Forwarding;

internal sealed class CatalogForwarder(JobwatchClient node, NodeCalls calls) : CatalogService.CatalogServiceBase
{
    public override Task<GetJobResponse> GetJob(GetJobRequest request, ServerCallContext context) =>
        calls.ForwardAsync(context, options => node.Catalog.GetJobAsync(request, options));

    public override Task<ListJobsResponse> ListJobs(ListJobsRequest request, ServerCallContext context) =>
        calls.ForwardAsync(context, options => node.Catalog.ListJobsAsync(request, options));

    public override Task<GetExecutionResponse> GetExecution(GetExecutionRequest request, ServerCallContext context) =>
        calls.ForwardAsync(context, options => node.Catalog.GetExecutionAsync(request, options));

    public override Task<ListExecutionsResponse> ListExecutions(ListExecutionsRequest request, ServerCallContext context) =>
        calls.ForwardAsync(context, options => node.Catalog.ListExecutionsAsync(request, options));

    public override Task<ListEventsResponse> ListEvents(ListEventsRequest request, ServerCallContext context) =>
        calls.ForwardAsync(context, options => node.Catalog.ListEventsAsync(request, options));

    public override Task<DeleteJobResponse> DeleteJob(DeleteJobRequest request, ServerCallContext context) =>
        calls.ForwardAsync(context, options => node.Catalog.DeleteJobAsync(request, options));
}
