using Grpc.Core;
using Jobwatch.Client;
using Jobwatch.EndToEnd.Tests.Deployments;
using Jobwatch.EndToEnd.Tests.Producing;
using Jobwatch.V1;
using Xunit;

namespace Jobwatch.EndToEnd.Tests.Promises;

public sealed class IsolationTests
{
    // As long as each other, so that lengths tell nothing either.
    private const string Theirs = "job-a";
    private const string Nobodys = "job-b";

    private static readonly string[] Routes =
    [
        "v1/jobs/{0}", "v1/jobs/{0}/executions", "v1/jobs/{0}/executions/e1", "v1/jobs/{0}/events", "v1/jobs/{0}:watch",
        "v1/jobs/{0}:watch?until_execution_ends=true", "v1/jobs/{0}/executions/e1:replay", "api/v1/realtime/reconciliations/{0}",
    ];

    [Fact]
    public async Task Another_tenants_job_and_no_job_at_all_look_the_same_on_every_way_in()
    {
        await using var deployment = await Deployment.StartAsync();
        var worker = new Worker(deployment.As("red").Records, Theirs);
        await worker.StartAsync();
        var theirs = await worker.LogAsync();
        var blue = deployment.As("blue");

        foreach (var call in Calls(blue))
            Assert.Equal(await RefusalAsync(call, Nobodys), AsOfNobodys(await RefusalAsync(call, Theirs)));
        foreach (string route in Routes)
            Assert.Equal(await AnswerAsync(blue.Edge, route, Nobodys), AsOfNobodys(await AnswerAsync(blue.Edge, route, Theirs)));
        var listed = await blue.Catalog.ListJobsAsync(new ListJobsRequest(), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Empty(listed.Jobs);

        // The same job and execution in both tenants are two, and a cursor of the one says nothing in the other.
        var own = new Worker(blue.Records, Theirs);
        Assert.Equal(1, (await own.StartAsync()).Positions[0]);
        var request = new WatchJobRequest { JobId = Theirs, Start = new WatchStart { Cursor = theirs.Cursor } };
        var foreign = await Assert.ThrowsAsync<RpcException>(
            () => blue.Library.OpenWatchAsync(request, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal("CURSOR_OF_ANOTHER_JOB", StatusDetails.Of(foreign).Reason);
        Assert.Equal(3, (await worker.LogAsync()).Positions[0]);
    }

    private static List<Func<string, Task>> Calls(Callers blue) =>
    [
        job => blue.Catalog.GetJobAsync(new GetJobRequest { JobId = job }).ResponseAsync,
        job => blue.Catalog.GetExecutionAsync(new GetExecutionRequest { JobId = job, ExecutionId = "e1" }).ResponseAsync,
        job => blue.Catalog.ListExecutionsAsync(new ListExecutionsRequest { JobId = job }).ResponseAsync,
        job => blue.Catalog.ListEventsAsync(new ListEventsRequest { JobId = job }).ResponseAsync,
        job => blue.Library.OpenWatchAsync(new WatchJobRequest { JobId = job }),
        job => blue.Library.OpenWatchAsync(new WatchJobRequest { JobId = job, Start = new WatchStart { FromExecution = "e1" } }),
        job => blue.Library.OpenReplayAsync(new ReplayExecutionRequest { JobId = job, ExecutionId = "e1" }),
    ];

    private static string AsOfNobodys(string answer) => answer.Replace(Theirs, Nobodys, StringComparison.Ordinal);

    private static async Task<string> RefusalAsync(Func<string, Task> call, string job)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => call(job));
        Assert.Equal(StatusCode.NotFound, refused.StatusCode);
        return $"{refused.Status.Detail} {refused.GetRpcStatus()}";
    }

    private static async Task<string> AnswerAsync(HttpClient edge, string route, string job)
    {
        var address = new Uri(string.Format(null, route, job), UriKind.Relative);
        using var answer = await edge.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, answer.StatusCode);
        var headers = answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key != "Date")
            .Select(header => $"{header.Key}: {string.Join(',', header.Value)}");
        return $"{string.Join('\n', headers)}\n{await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}";
    }
}
