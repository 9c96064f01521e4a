using System.Diagnostics;
using System.Net;
using Jobwatch.EndToEnd.Tests.Deployments;
using Jobwatch.Testing;
using Xunit;

namespace Jobwatch.EndToEnd.Tests.Kills;

public sealed class NodesGoneTests
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task An_edge_whose_nodes_are_gone_refuses_at_once_for_as_long_as_they_are()
    {
        await using var deployment = await Deployment.StartAsync(nodes: 2, edges: 1);
        await deployment.Nodes[1].KillAsync();
        Assert.Equal(0, await deployment.Node.StopAsync());

        // Attempts to connect are given up and begun anew every 5 s: each time something may go wrong.
        var since = Stopwatch.StartNew();
        await Eventually.TrueAsync(
            async _ =>
            {
                await Task.WhenAll(AssertRefusedAsync("v1/jobs"), AssertRefusedAsync("v1/jobs/job:watch"));
                return since.Elapsed > TimeSpan.FromSeconds(22);
            },
            TimeSpan.FromSeconds(60), "time passes");
        await deployment.StartAsync(deployment.Nodes[1]);
        await Eventually.TrueAsync(
            async _ =>
            {
                using var answer = await GetAsync("v1/jobs");
                return answer.StatusCode == HttpStatusCode.OK;
            },
            AtOnce, "the edge finds the node again");

        async Task AssertRefusedAsync(string path)
        {
            using var answer = await GetAsync(path).WaitAsync(AtOnce, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.True(answer.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        }

        Task<HttpResponseMessage> GetAsync(string path) => deployment.Local.Edge.GetAsync(
            new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }
}
