using Grpc.Core;
using Jobwatch.V1;

namespace Jobwatch.Clients.Tests.Json;

/// <summary>The events and jobs that the transcoder is to write next.</summary>
internal sealed class TranscodedEvents : CatalogService.CatalogServiceBase
{
    internal ListEventsResponse Events { get; set; } = new();

    internal Job Job { get; set; } = new();

    public override Task<ListEventsResponse> ListEvents(ListEventsRequest request, ServerCallContext context) => Task.FromResult(Events);

    public override Task<GetJobResponse> GetJob(GetJobRequest request, ServerCallContext context) =>
        Task.FromResult(new GetJobResponse { Job = Job });
}
