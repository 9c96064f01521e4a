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

    [Theory]
    [InlineData("/livez")]
    [InlineData("/readyz")]
    public async Task A_probe_may_ask_by_head(string path)
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var edge = await RunningEdge.StartAsync(node.Address);
        await ReadyComesTo(edge, HttpStatusCode.OK);

        using var got = await edge.GetAsync(path);
        using var headed = await edge.SendAsync(HttpMethod.Head, path);
        using var posted = await edge.SendAsync(HttpMethod.Post, path);

        Assert.Equal((got.StatusCode, got.Content.Headers.ToString()), (headed.StatusCode, headed.Content.Headers.ToString()));
        Assert.Empty(await headed.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);
    }

    [Fact]
    public async Task Not_ready_is_said_to_head_too()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var edge = await RunningEdge.StartAsync(node.Address);
        await node.DownAsync();
        await ReadyComesTo(edge, HttpStatusCode.ServiceUnavailable);

        using var headed = await edge.SendAsync(HttpMethod.Head, "/readyz");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, headed.StatusCode);
    }

    private static Task ReadyComesTo(RunningEdge edge, HttpStatusCode status) => Eventually.TrueAsync(
        async _ => (await edge.GetAsync("/readyz")).StatusCode == status, TimeSpan.FromSeconds(10), $"/readyz says {status}");
}
