using Grpc.Core;
using Jobwatch.V1;

namespace Jobwatch.SseEdge.Tests.Peer;

internal sealed class ScriptedRecords(ScriptedNode node) : RecordService.RecordServiceBase
{
    public override Task<AppendEventsResponse> AppendEvents(AppendEventsRequest request, ServerCallContext context) =>
        node.Append(request, context);
}
