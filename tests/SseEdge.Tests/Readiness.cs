using System.Net;
using Grpc.Health.V1;
using Jobwatch.SseEdge.Tests.Peer;
using Jobwatch.Testing;

namespace Jobwatch.SseEdge.Tests;

public sealed class Readiness
{
    [Fact]
    public async Task Ready_follows_what_the_node_says_of_itself_and_live_does_not()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var edge = await RunningEdge.StartAsync(node.Address);

        await ReadyComesTo(edge, HttpStatusCode.OK);
        node.Health = HealthCheckResponse.Types.ServingStatus.NotServing;
        await ReadyComesTo(edge, HttpStatusCode.ServiceUnavailable);
        node.Health = HealthCheckResponse.Types.ServingStatus.Serving;
        await ReadyComesTo(edge, HttpStatusCode.OK);
        await node.DownAsync();
        await ReadyComesTo(edge, HttpStatusCode.ServiceUnavailable);

        using var notReady = await edge.GetAsync("/readyz");
        Assert.Equal("NODE_UNAVAILABLE", (await ProblemAnswer.OfAsync(notReady, HttpStatusCode.ServiceUnavailable)).Code);
        using var live = await edge.GetAsync("/livez");
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
    }

    private static Task ReadyComesTo(RunningEdge edge, HttpStatusCode status) => Eventually.TrueAsync(
        async _ => (await edge.GetAsync("/readyz")).StatusCode == status, TimeSpan.FromSeconds(10), $"/readyz says {status}");
}
