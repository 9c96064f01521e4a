using System.Net;
using System.Text.Json;
using Jobwatch.Testing;

namespace Jobwatch.SseEdge.Tests.RealNode;

public sealed class ThroughTheEdge(RealNodeFixture node)
{
    [Fact]
    public async Task What_is_appended_over_http_is_seen_by_watchers_in_every_form()
    {
        await using var edge = await RunningEdge.StartAsync(node.Address);
        await using var live = await EventStream.OpenAsync(edge, "/v1/jobs/ledger-eu:watch?start.beginning=true&allow_missing=true");

        using var answer = await edge.PostAsync("/v1/jobs/ledger-eu/events", """
            {"events": [
              {"executionId": "2026-11-23", "eventId": "0197f3a0-0000-7000-8000-000000000001", "occurredAt": "2026-11-23T08:00:00Z", "executionStarted": {"worker": "w7", "labels": {"ledger": "eu"}}},
              {"executionId": "2026-11-23", "logWritten": {"level": "LOG_LEVEL_WARN", "text": "3 rows unmatched – ä", "stream": "stderr"}},
              {"executionId": "2026-11-23", "progressReported": {"done": 40, "total": 100, "unit": "rows"}},
              {"executionId": "2026-11-23", "summaryUpdated": {"summary": {"rows": 1.5, "list": [null, true]}}},
              {"executionId": "2026-11-23", "executionFailed": {"error": {"code": "E1", "message": "m"}}}]}
            """);
        using var appended = await JsonOf(answer);
        Assert.Equal([1, 2, 3, 4, 5], appended.RootElement.GetProperty("positions").EnumerateArray().Select(one => one.GetInt32()));

        var seen = await UpdatesAsync(live, 5);
        using var lines = await edge.GetAsync("/v1/jobs/ledger-eu:watch?start.beginning=true&until_execution_ends=true");
        var ndjson = await lines.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var list = await edge.Http.GetStringAsync("/v1/jobs/ledger-eu/events", TestContext.Current.CancellationToken);

        Assert.All(seen, update => Assert.Contains($"{{\"cursor\":\"{update.Id}\",\"event\":{update.Data}}}\n", ndjson, StringComparison.Ordinal));
        Assert.StartsWith($"{{\"events\":[{string.Join(',', seen.Select(update => update.Data))}]", list, StringComparison.Ordinal);
        Assert.Equal(appended.RootElement.GetProperty("cursor").GetString(), seen[4].Id);
        Assert.StartsWith(
            "{\"jobId\":\"ledger-eu\",\"executionId\":\"2026-11-23\",\"position\":1,\"type\":\"execution_started\",\"status\":\"EXECUTION_STATUS_RUNNING\","
            + "\"eventId\":\"0197f3a0-0000-7000-8000-000000000001\",\"occurredAt\":\"2026-11-23T08:00:00Z\",\"recordedAt\":\"",
            seen[0].Data,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"a\":", "{}", "}")]
    [InlineData("{\"a\":[", "{}", "]}")]
    public async Task The_deepest_structure_that_the_edge_takes_comes_back_whole(string open, string inmost, string close)
    {
        await using var edge = await RunningEdge.StartAsync(node.Address);
        var job = $"deep-{open.Length}";
        var levels = 29 / (open.Length - 4);
        var deep = $"{string.Concat(Enumerable.Repeat(open, levels))}{inmost}{string.Concat(Enumerable.Repeat(close, levels))}";

        using var answer = await edge.PostAsync(
            $"/v1/jobs/{job}/events",
            $$$"""{"events": [{"executionId": "e", "executionQueued": {}}, {"executionId": "e", "executionSucceeded": {"summary": {{{deep}}}}}]}""");
        using var appended = await JsonOf(answer);

        foreach (var path in new[] { $"{job}/executions/e", $"{job}/events", $"{job}:watch?start.beginning=true&until_execution_ends=true", job })
        {
            var text = await edge.Http.GetStringAsync($"/v1/jobs/{path}", TestContext.Current.CancellationToken);
            Assert.Contains(deep, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_browser_that_comes_back_gets_what_follows_and_at_the_end_204()
    {
        await using var edge = await RunningEdge.StartAsync(node.Address);
        await AppendAsync(edge, "nightly", """{"executionId": "e", "executionStarted": {}}""", Log("one"), Log("two"), """{"executionId": "e", "executionSucceeded": {}}""");
        const string Path = "/api/v1/realtime/reconciliations/nightly?start.from_execution=e&filter.execution_ids=e&until_execution_ends=true";

        string last;
        await using (var first = await EventStream.OpenAsync(edge, Path))
        {
            Assert.Equal(2, (await UpdatesAsync(first, 2)).Count);
            last = first.LastEventId;
        }

        await using (var second = await EventStream.OpenAsync(edge, Path, last))
        {
            Assert.Equal([last], second.Response.Headers.GetValues("Jobwatch-Last-Event-Id"));
            var rest = new List<string>();
            while (await second.NextAsync() is { } item)
                rest.Add(item.EventType == "execution_update" ? JsonDocument.Parse(item.Data).RootElement.GetProperty("position").ToString() : item.EventType);
            Assert.Equal(["3", "4", "execution_ended"], rest.Where(one => one is not "caught_up"));
            last = second.LastEventId;
        }

        await using var third = await EventStream.OpenAsync(edge, Path, last);
        Assert.Equal(HttpStatusCode.NoContent, third.Response.StatusCode);
    }

    [Fact]
    public async Task Refusals_of_a_real_node_are_problems()
    {
        await using var edge = await RunningEdge.StartAsync(node.Address);
        await AppendAsync(edge, "refusals", """{"executionId": "e", "executionStarted": {}}""", """{"executionId": "e", "executionSucceeded": {}}""");

        async Task RefusedAsync(Task<HttpResponseMessage> call, HttpStatusCode status, string code)
        {
            using var answer = await call;
            Assert.Equal(code, (await ProblemAnswer.OfAsync(answer, status)).Code);
        }

        await RefusedAsync(edge.GetAsync("/v1/jobs/not-there"), HttpStatusCode.NotFound, "JOB_NOT_FOUND");
        await RefusedAsync(edge.GetAsync("/v1/jobs/not-there:watch", ("Accept", "text/event-stream")), HttpStatusCode.NotFound, "JOB_NOT_FOUND");
        await RefusedAsync(edge.GetAsync("/v1/jobs/refusals/executions/x"), HttpStatusCode.NotFound, "EXECUTION_NOT_FOUND");
        await RefusedAsync(edge.GetAsync("/v1/jobs/a b"), HttpStatusCode.BadRequest, "INVALID_ID");
        await RefusedAsync(edge.GetAsync("/v1/jobs/refusals:watch?last_event_id=nonsense"), HttpStatusCode.BadRequest, "CURSOR_UNKNOWN");
        await RefusedAsync(edge.PostAsync("/v1/jobs/refusals/events", """{"events": []}"""), HttpStatusCode.BadRequest, "EMPTY_BATCH");
        await RefusedAsync(
            edge.PostAsync("/v1/jobs/refusals/events", """{"events": [{"executionId": "e", "logWritten": {}}]}"""), HttpStatusCode.Conflict, "EXECUTION_ENDED");
        await RefusedAsync(
            edge.PostAsync("/v1/jobs/refusals/events", """{"expectedPosition": 9, "events": [{"executionId": "f", "executionStarted": {}}]}"""),
            HttpStatusCode.Conflict,
            "POSITION_MISMATCH");
        await RefusedAsync(edge.GetAsync("/v1/jobs", ("Authorization", "Bearer nobody's")), HttpStatusCode.Unauthorized, "CREDENTIALS_UNKNOWN");
        await RefusedAsync(edge.GetAsync("/v1/jobs", ("Authorization", "Bearer tökén")), HttpStatusCode.Unauthorized, "CREDENTIALS_UNKNOWN");
    }

    [Theory]
    [InlineData("fields:watch?last_event_id=x", "CURSOR_UNKNOWN", "last_event_id", "'x' is no cursor")]
    [InlineData("fields/executions/e:replay?last_event_id=x", "CURSOR_UNKNOWN", "last_event_id", "'x' is no cursor")]
    [InlineData("fields/events?page_token=x", "CURSOR_UNKNOWN", "page_token", "'x' is no cursor")]
    [InlineData("fields/executions?page_token=x", "INVALID_PAGE_TOKEN", "page_token", "'x' is no token")]
    [InlineData("fields:watch?filter.event_types=bogus", "INVALID_FILTER", "filter.event_types[0]", "the types are execution_queued, execution_started, ")]
    [InlineData("fields:watch?filter.statuses=0", "INVALID_FILTER", "filter.statuses[0]", "the statuses are EXECUTION_STATUS_QUEUED, ")]
    public async Task A_real_node_refuses_a_field_by_the_name_that_the_caller_gave_it(string path, string code, string field, string why)
    {
        await using var edge = await RunningEdge.StartAsync(node.Address);
        await AppendAsync(edge, "fields", """{"executionId": "e", "eventId": "0197f3a0-0000-7000-8000-00000000000f", "executionStarted": {}}""");

        using var answer = await edge.GetAsync($"/v1/jobs/{path}");
        var problem = await ProblemAnswer.OfAsync(answer, HttpStatusCode.BadRequest);

        Assert.Equal((code, $"{field}: {problem.ErrorOf(field)}"), (problem.Code, problem.Detail));
        Assert.Contains(why, problem.ErrorOf(field), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_is_killed_in_mid_stream_and_started_again_costs_no_event()
    {
        await using var own = new NodeProcess(await PostgresCluster.Shared.CreateDatabaseAsync());
        await own.StartAsync();
        await using var edge = await RunningEdge.StartAsync(own.Address.ToString());
        await AppendAsync(edge, "j", """{"executionId": "e", "executionStarted": {}}""", Log("before"));
        await using var events = await EventStream.OpenAsync(edge, "/v1/jobs/j:watch?start.beginning=true");
        await UpdatesAsync(events, 2);

        await own.KillAsync();
        await own.StartAsync();
        await AppendAsync(edge, "j", Log("after"));

        var after = await UpdatesAsync(events, 1);
        Assert.Contains("\"position\":3,", after[0].Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_drains_hands_its_watchers_over_without_their_noticing()
    {
        await using var own = new NodeProcess(await PostgresCluster.Shared.CreateDatabaseAsync());
        await own.StartAsync();
        await using var edge = await RunningEdge.StartAsync(own.Address.ToString());
        await AppendAsync(edge, "j", """{"executionId": "e", "executionStarted": {}}""");
        await using var events = await EventStream.OpenAsync(edge, "/v1/jobs/j:watch?start.beginning=true");
        await UpdatesAsync(events, 1);

        Assert.Equal(0, await own.StopAsync());
        await own.StartAsync();
        await AppendAsync(edge, "j", Log("after"));

        Assert.Contains("\"position\":2,", (await UpdatesAsync(events, 1))[0].Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Jobs_and_executions_are_listed_as_the_page_needs_them()
    {
        await using var edge = await RunningEdge.StartAsync(node.Address);
        await AppendAsync(edge, "listed", """{"executionId": "e", "executionStarted": {}}""");

        using var jobs = await JsonOf(await edge.GetAsync("/v1/jobs?id_prefix=listed"));
        using var executions = await JsonOf(await edge.GetAsync("/v1/jobs/listed/executions"));

        var job = jobs.RootElement.GetProperty("jobs")[0];
        Assert.Equal("e", job.GetProperty("latestExecution").GetProperty("executionId").GetString());
        Assert.Equal(1, job.GetProperty("executionCount").GetInt64());
        Assert.Equal("EXECUTION_STATUS_RUNNING", executions.RootElement.GetProperty("executions")[0].GetProperty("status").GetString());
    }

    private static string Log(string text) => $$$"""{"executionId": "e", "logWritten": {"text": "{{{text}}}"}}""";

    private static async Task AppendAsync(RunningEdge edge, string job, params string[] events)
    {
        // The edge may still be waiting to try a node again that was away a moment ago.
        await Eventually.TrueAsync(
            async _ =>
            {
                using var answer = await edge.PostAsync($"/v1/jobs/{job}/events", $"{{\"events\": [{string.Join(',', events)}]}}");
                return answer.IsSuccessStatusCode;
            },
            TimeSpan.FromSeconds(20),
            $"an append to {job}");
    }

    private static async Task<List<(string Id, string Data)>> UpdatesAsync(EventStream events, int count)
    {
        var updates = new List<(string, string)>();
        while (updates.Count < count && await events.NextAsync() is { } item)
        {
            if (item.EventType == "execution_update")
                updates.Add((item.EventId!, item.Data));
        }

        return updates;
    }

    private static async Task<JsonDocument> JsonOf(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text);
    }
}
