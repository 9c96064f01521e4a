using System.Net;
using System.Text.Json;
using Jobwatch.EndToEnd.Tests.Deployments;
using Jobwatch.Testing;
using Jobwatch.Testing.Producing;
using Jobwatch.V1;
using Xunit;

namespace Jobwatch.EndToEnd.Tests.Promises;

/// <summary>History that ends says so on every way: which events are gone, and where to go on.</summary>
public sealed class TruncatedHistoryTests
{
    private const string Job = "ledger-eu";

    private static readonly (string, string)[] KeepTen =
        [("Retention__Rules__0__MaxEvents", "10"), ("Retention__MinAge", "00:00:00"), ("Retention__Interval", "00:00:01")];

    [Fact]
    public async Task Below_the_floor_is_410_with_the_oldest_cursor_or_a_gap_and_then_the_rest()
    {
        await using var deployment = await Deployment.StartAsync(settings: KeepTen);
        var worker = new Worker(deployment.Local.Records, Job);
        var started = await worker.StartAsync();
        await worker.LogAsync(29);
        await TruncatedAsync(deployment.Local);

        using var refused = await GetAsync(deployment.Local.Edge, $"v1/jobs/{Job}:watch", started.Cursor);
        Assert.Equal((HttpStatusCode.Gone, "application/problem+json"), (refused.StatusCode, refused.Content.Headers.ContentType?.MediaType));
        var problem = JsonDocument.Parse(await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
        Assert.Equal("HISTORY_TRUNCATED", problem.GetProperty("code").GetString());
        string oldest = problem.GetProperty("metadata").GetProperty("oldest_cursor").GetString()!;
        foreach (string route in new[] { $"v1/jobs/{Job}/events?page_token={started.Cursor}", $"v1/jobs/{Job}/executions/e1:replay" })
        {
            using var other = await deployment.Local.Edge.GetAsync(route, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Gone, other.StatusCode);
            Assert.Contains(oldest, await other.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        using var replay = await deployment.Local.Edge.GetAsync($"v1/jobs/{Job}/executions/e1:replay", TestContext.Current.CancellationToken);
        Assert.Contains(
            $"replay it with cursor '{oldest}'.", await replay.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        foreach (var transport in new[] { deployment.Local.OverGrpc, deployment.Local.OverSse, deployment.Local.OverNdjson })
        {
            var fromOldest = new WatchJobRequest { JobId = Job, Start = new WatchStart { Cursor = oldest } };
            var goesOn = new WatchJobRequest { JobId = Job, Start = new WatchStart { Cursor = started.Cursor }, OnTruncated = "continue" };
            foreach (var request in new[] { fromOldest, goesOn })
            {
                await using var session = await transport.OpenAsync(request, TestContext.Current.CancellationToken);
                var said = await session.Messages.TakeWhile(message => message.CaughtUp is null).ToListAsync(TestContext.Current.CancellationToken);
                Assert.Equal(Enumerable.Range(21, 10).Select(position => (long)position), said.Where(one => one.Event is not null).Select(one => one.Event.Position));
                Assert.Equal(
                    request == goesOn ? [new Gap { FirstPosition = 2, LastPosition = 20, Reason = "truncated" }] : [],
                    said.Where(one => one.Gap is not null).Select(one => one.Gap));
            }
        }

        Assert.Equal("", deployment.Errors);
    }

    [Fact]
    public async Task A_job_that_is_deleted_at_the_edge_ends_its_watches_and_can_be_made_again()
    {
        await using var deployment = await Deployment.StartAsync(settings: KeepTen);
        var worker = new Worker(deployment.Local.Records, Job);
        var start = worker.Start();
        var before = await worker.AppendAsync(start);
        using var watch = await GetAsync(deployment.Local.Edge, $"v1/jobs/{Job}:watch", before.Cursor);

        using var deleted = await deployment.Local.Edge.DeleteAsync($"v1/jobs/{Job}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        string told = await watch.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("event: error", told, StringComparison.Ordinal);
        Assert.Contains("was deleted", told, StringComparison.Ordinal);

        Assert.Equal([1], (await worker.AppendAsync(start)).Positions);
        using var old = await GetAsync(deployment.Local.Edge, $"v1/jobs/{Job}:watch", before.Cursor);
        Assert.Equal(HttpStatusCode.BadRequest, old.StatusCode);
        Assert.Contains("CURSOR_OF_DELETED_JOB", await old.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal("", deployment.Errors);
    }

    private static Task TruncatedAsync(Callers caller) => Eventually.TrueAsync(
        async cancellation => (await caller.Catalog.GetJobAsync(new GetJobRequest { JobId = Job }, cancellationToken: cancellation)).Job.FirstPosition == 21,
        TimeSpan.FromSeconds(30),
        "the history begins with event 21");

    private static async Task<HttpResponseMessage> GetAsync(HttpClient edge, string route, string lastEventId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, route);
        request.Headers.Accept.ParseAdd("text/event-stream");
        request.Headers.Add("Last-Event-ID", lastEventId);
        return await edge.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }
}
