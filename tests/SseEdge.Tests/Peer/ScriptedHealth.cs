using Grpc.Core;
using Grpc.Health.V1;

namespace Jobwatch.SseEdge.Tests.Peer;

internal sealed class ScriptedHealth(ScriptedNode node) : Grpc.Health.V1.Health.HealthBase
{
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) =>
        Task.FromResult(new HealthCheckResponse { Status = node.Health });
}
