using System.Net;
using Grpc.Core;
using Jobwatch.SseEdge.Tests.Peer;
using Jobwatch.V1;

namespace Jobwatch.SseEdge.Tests;

public sealed class Forwarded
{
    [Fact]
    public async Task An_append_reaches_the_node_as_it_was_sent_and_its_answer_comes_back()
    {
        await using var node = await ScriptedNode.StartAsync();
        AppendEventsRequest? asked = null;
        node.Append = (request, _) =>
        {
            asked = request;
            return Task.FromResult(new AppendEventsResponse { Positions = { 1, 2, 9007199254740993 }, Cursor = "c" });
        };
        await using var edge = await RunningEdge.StartAsync(node.Address);

        using var answer = await edge.PostAsync("/v1/jobs/ledger-eu/events", """
            {"expectedPosition": 0, "events": [
              {"executionId": "2026-11-23", "eventId": "0197f3a0-0000-7000-8000-000000000001", "occurredAt": "2026-11-23T08:00:00Z",
               "executionStarted": {"worker": "w7", "labels": {"ledger": "eu"}}},
              {"executionId": "2026-11-23", "logWritten": {"level": "LOG_LEVEL_WARN", "text": "3 rows unmatched", "stream": "stderr"}},
              {"executionId": "2026-11-23", "progressReported": {"done": 40, "total": "100", "unit": "rows"}},
              {"custom": {"name": "n", "data": {"free": [1, {"a": null}]}}, "occurredAt": null}]}
            """);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(
            """{"positions":[1,2,9007199254740993],"cursor":"c"}""",
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(("ledger-eu", true, 4), (asked!.JobId, asked.HasExpectedPosition, asked.Events.Count));
        Assert.Equal("eu", asked.Events[0].ExecutionStarted.Labels["ledger"]);
        Assert.Equal((LogLevel.Warn, 100L), (asked.Events[1].LogWritten.Level, asked.Events[2].ProgressReported.Total));
        Assert.Equal(2, asked.Events[3].Custom.Data.Fields["free"].ListValue.Values.Count);
    }

    [Fact]
    public async Task A_single_thing_is_answered_without_a_wrapper()
    {
        await using var node = await ScriptedNode.StartAsync();
        node.GetJob = (request, _) => Task.FromResult(new GetJobResponse { Job = new Job { JobId = request.JobId, LastPosition = 3 } });
        await using var edge = await RunningEdge.StartAsync(node.Address);

        var text = await edge.Http.GetStringAsync("/v1/jobs/a%2Eb", TestContext.Current.CancellationToken);

        Assert.Equal("""{"jobId":"a.b","lastPosition":3,"cursor":"","executionCount":0,"openExecutionCount":0,"firstPosition":0}""", text);
    }

    [Fact]
    public async Task A_job_is_deleted_by_DELETE_and_what_the_node_says_against_it_is_a_problem()
    {
        await using var node = await ScriptedNode.StartAsync();
        var asked = new List<string>();
        node.DeleteJob = (request, _) =>
        {
            asked.Add(request.JobId);
            return asked.Count == 1 ? Task.FromResult(new DeleteJobResponse()) : throw Refusals.Of(StatusCode.NotFound, "JOB_NOT_FOUND");
        };
        await using var edge = await RunningEdge.StartAsync(node.Address);

        using var deleted = await edge.SendAsync(HttpMethod.Delete, "/v1/jobs/ledger-eu");
        Assert.Equal(
            (HttpStatusCode.OK, "{}"),
            (deleted.StatusCode, await deleted.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
        using var again = await edge.SendAsync(HttpMethod.Delete, "/v1/jobs/ledger-eu");
        Assert.Equal("JOB_NOT_FOUND", (await ProblemAnswer.OfAsync(again, HttpStatusCode.NotFound)).Code);
        using var odd = await edge.SendAsync(HttpMethod.Delete, "/v1/jobs/ledger-eu?force=true");
        Assert.Equal("INVALID_FIELD", (await ProblemAnswer.OfAsync(odd, HttpStatusCode.BadRequest)).Code);
        Assert.Equal(["ledger-eu", "ledger-eu"], asked);
    }

    [Theory]
    [InlineData("Bearer t0ken", "Bearer t0ken")]
    [InlineData("Basic x", "Basic x")]
    [InlineData("Bearer tökén", "Bearer t?k?n")]
    [InlineData(null, null)]
    public async Task The_callers_credentials_and_no_other_header_reach_the_node(string? given, string? expected)
    {
        await using var node = await ScriptedNode.StartAsync();
        Dictionary<string, string>? seen = null;
        node.GetJob = (request, context) =>
        {
            seen = context.RequestHeaders.ToDictionary(entry => entry.Key, entry => entry.Value);
            return Task.FromResult(new GetJobResponse { Job = new Job() });
        };
        await using var edge = await RunningEdge.StartAsync(node.Address, builder => { });

        using var answer = await edge.GetAsync("/v1/jobs/j", given is null ? [("Cookie", "a=b")] : [("Authorization", given), ("Cookie", "a=b")]);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(expected, seen!.GetValueOrDefault("authorization"));
        Assert.False(seen!.ContainsKey("cookie"));
    }

    [Fact]
    public async Task A_caller_that_leaves_ends_the_call_at_the_node()
    {
        await using var node = await ScriptedNode.StartAsync();
        var started = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        node.GetJob = async (_, context) =>
        {
            context.CancellationToken.Register(ended.SetResult);
            started.SetResult();
            await ended.Task;
            return new GetJobResponse();
        };
        await using var edge = await RunningEdge.StartAsync(node.Address);
        using var leave = new CancellationTokenSource();

        var call = edge.Http.GetAsync("/v1/jobs/j", leave.Token);
        await started.Task;
        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }
}
