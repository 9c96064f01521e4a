using Grpc.Core;
using Jobwatch.Client;
using Jobwatch.V1;

namespace Jobwatch.SseEdge.Forwarding;

internal sealed class RecordForwarder(JobwatchClient node, NodeCalls calls) : RecordService.RecordServiceBase
{
    public override Task<AppendEventsResponse> AppendEvents(AppendEventsRequest request, ServerCallContext context) =>
        calls.ForwardAsync(context, options => node.Records.AppendEventsAsync(request, options));
}
