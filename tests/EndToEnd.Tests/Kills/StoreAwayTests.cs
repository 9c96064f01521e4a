using System.Net;
using System.Text.Json;
using Grpc.Core;
using Jobwatch.Client;
using Jobwatch.EndToEnd.Tests.Deployments;
using Jobwatch.Testing;
using Jobwatch.Testing.Producing;
using Jobwatch.Testing.Watching;
using Jobwatch.V1;
using Xunit;

namespace Jobwatch.EndToEnd.Tests.Kills;

public sealed class StoreAwayTests
{
    private static readonly (string Name, string Value)[] Settings =
    [
        ("Journal__RetryFor", "00:00:00.500"),
        ("Watching__StorePatience", "00:01:00"),
    ];

    private static readonly string[] Paths = ["v1/jobs", "v1/jobs/job", "v1/jobs/job/events", "v1/jobs/job:watch"];

    [Fact]
    public async Task Without_its_store_a_node_says_when_to_try_again_and_is_ready_by_itself_afterwards()
    {
        await using var cluster = new PostgresCluster(fsync: true);
        await using var deployment = await Deployment.StartAsync(cluster, Settings);
        var worker = new Worker(deployment.Local.Records, "job");
        await worker.StartAsync();
        using var leave = new CancellationTokenSource();
        var tail = new Tail(deployment.Local.OverGrpc, "job");
        var watching = tail.ReadToTheEndAsync(leave.Token);
        await tail.ReachedAsync(1);

        await cluster.KillAsync();
        await AssertRefusesAsync(() => worker.LogAsync());
        await AssertRefusesAsync(() => deployment.Local.Catalog.GetJobAsync(new GetJobRequest { JobId = "job" }).ResponseAsync);
        await AssertRefusesAsync(() => deployment.Local.Library.OpenWatchAsync(new WatchJobRequest { JobId = "job" }));
        foreach (string path in Paths)
            await AssertAnswers503Async(deployment.Local.Edge, path);
        await Eventually.TrueAsync(
            async _ => await StatusAsync(deployment.Local.Edge, "readyz") == HttpStatusCode.ServiceUnavailable,
            TimeSpan.FromSeconds(20),
            "the edge is not ready");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(deployment.Local.Edge, "livez"));

        await cluster.StartAsync();
        await deployment.Node.WaitUntilReadyAsync();
        await deployment.Edge.WaitUntilReadyAsync();
        var answer = await Breaks.OutliveAsync(_ => worker.LogAsync(), isExpected: true);
        // The watch was open all the time.
        await tail.ReachedAsync(answer.Positions[0]);
        await leave.CancelAsync();
        await watching;
    }

    private static async Task AssertRefusesAsync<T>(Func<Task<T>> call)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(call);
        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        Assert.Equal("STORE_UNAVAILABLE", StatusDetails.Of(refused).Reason);
        Assert.True(StatusDetails.Of(refused).RetryDelay > TimeSpan.Zero);
    }

    private static Task<HttpResponseMessage> GetAsync(HttpClient edge, string path) => edge.GetAsync(
        new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

    private static async Task<HttpStatusCode> StatusAsync(HttpClient edge, string path)
    {
        using var answer = await GetAsync(edge, path);
        return answer.StatusCode;
    }

    private static async Task AssertAnswers503Async(HttpClient edge, string path)
    {
        using var answer = await GetAsync(edge, path);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.True(answer.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("STORE_UNAVAILABLE", problem.GetProperty("code").GetString());
    }
}
