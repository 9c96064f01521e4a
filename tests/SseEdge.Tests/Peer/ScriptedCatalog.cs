using Grpc.Core;
using Jobwatch.V1;

namespace Jobwatch.SseEdge.Tests.Peer;

internal sealed class ScriptedCatalog(ScriptedNode node) : CatalogService.CatalogServiceBase
{
    public override Task<GetJobResponse> GetJob(GetJobRequest request, ServerCallContext context) => node.GetJob(request, context);

    public override Task<DeleteJobResponse> DeleteJob(DeleteJobRequest request, ServerCallContext context) =>
        node.DeleteJob(request, context);

    public override Task<ListEventsResponse> ListEvents(ListEventsRequest request, ServerCallContext context) =>
        node.ListEvents(request, context);
}
