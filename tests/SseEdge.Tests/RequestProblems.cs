using System.Net;
using Jobwatch.SseEdge.Tests.Peer;

namespace Jobwatch.SseEdge.Tests;

public sealed class RequestProblems
{
    private const string Events = "/v1/jobs/j/events";
    private const string Levels = "LOG_LEVEL_TRACE, LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_ERROR, LOG_LEVEL_FATAL";
    private const string Statuses = "EXECUTION_STATUS_QUEUED, EXECUTION_STATUS_RUNNING, EXECUTION_STATUS_SUCCEEDED, "
        + "EXECUTION_STATUS_FAILED, EXECUTION_STATUS_CANCELLED";

    [Theory]
    [InlineData("/v1/jobs?page_size=many", "page_size", "'many' is not a 32-bit integer")]
    [InlineData("/v1/jobs?page_size=1&page_size=2", "page_size", "was given twice; it can be given only once")]
    [InlineData("/v1/jobs/j:watch?start.cursor=c&start.beginning=true", "start.beginning", "can't be given together with start.cursor")]
    [InlineData("/v1/jobs/j:watch?start.beginning=yes", "start.beginning", "'yes' is neither true nor false")]
    [InlineData("/v1/jobs/j:watch?start.from_position=1e3", "start.from_position", "'1e3' is not a 64-bit integer")]
    [InlineData("/v1/jobs/j/executions/e:replay?speed=fast", "speed", "'fast' is not a number")]
    [InlineData("/v1/jobs/j/executions/e:replay?max_pause=5", "max_pause", "'5' is not a duration such as 1.5s")]
    [InlineData("/v1/jobs/j/executions/e:replay?max_pause=.5s", "max_pause", "'.5s' is not a duration such as 1.5s")]
    [InlineData("/v1/jobs/j/events?filter.text=a%ff", "filter.text", "it is no text: it has bytes that are not UTF-8")]
    [InlineData("/v1/jobs/j:watch?filter.labels=k%3D%C3", "filter.labels", "it is no text: it has bytes that are not UTF-8")]
    [InlineData("/v1/jobs/j/executions/e:replay?max_pause=315576000001s", "max_pause", "'315576000001s' is not a duration such as 1.5s")]
    public async Task A_query_that_is_wrong_says_which_parameter_and_why(string path, string field, string why)
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var edge = await RunningEdge.StartAsync(node.Address);

        using var answer = await edge.GetAsync(path);
        var problem = await ProblemAnswer.OfAsync(answer, HttpStatusCode.BadRequest);

        Assert.Equal(("INVALID_FIELD", $"{field}: {why}", why), (problem.Code, problem.Detail, problem.ErrorOf(field)));
    }

    [Theory]
    [InlineData("/v1/jobs?pagesize=1", "pagesize", "page_size, page_token, id_prefix, statuses, order_by")]
    [InlineData("/v1/jobs?last_event_id=1", "last_event_id", "page_size, page_token, id_prefix, statuses, order_by")]
    [InlineData("/v1/jobs/j?job_id=other", "job_id", "none")]
    [InlineData("/v1/jobs/j?jobId=other", "jobId", "none")]
    [InlineData("/v1/jobs/j/executions/e?x=1", "x", "none")]
    [InlineData("/v1/jobs/j/executions?x=1", "x", "page_size, page_token, statuses, labels, order_by")]
    [InlineData(
        "/v1/jobs/j/events?filter.limit=1",
        "filter.limit",
        "page_size, page_token, filter.execution_ids, filter.event_types, filter.statuses, filter.min_level, filter.labels, filter.text")]
    [InlineData("/v1/jobs/j:watch?filter.execution_id=e", "filter.execution_id", "start.cursor, … filter.text, allow_missing, … last_event_id")]
    [InlineData("/api/v1/realtime/reconciliations/j?from=1", "from", "start.cursor, … filter.text, allow_missing, … last_event_id")]
    [InlineData("/v1/jobs/j:watch?filter=e", "filter", "start.cursor, … filter.text, allow_missing, … last_event_id")]
    [InlineData("/v1/jobs:watch?job_id=e", "job_id", "job_ids, labels, start.cursor, … last_event_id")]
    [InlineData("/v1/jobs/j/executions/e:replay?start.cursor=c", "start.cursor", "cursor, filter.execution_ids, … speed, max_pause, last_event_id")]
    public async Task A_query_parameter_that_is_not_there_is_refused_with_those_that_are(string path, string field, string known)
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var edge = await RunningEdge.StartAsync(node.Address);

        using var answer = await edge.GetAsync(path);
        var problem = await ProblemAnswer.OfAsync(answer, HttpStatusCode.BadRequest);

        var parts = known.Split('…');
        Assert.Equal(("INVALID_FIELD", $"{field}: {problem.ErrorOf(field)}"), (problem.Code, problem.Detail));
        Assert.StartsWith($"there is no such query parameter; this route takes {parts[0]}", problem.ErrorOf(field), StringComparison.Ordinal);
        Assert.EndsWith(parts[^1], problem.ErrorOf(field), StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, problem.ErrorOf(field), StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_append_takes_no_query()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var edge = await RunningEdge.StartAsync(node.Address);

        using var answer = await edge.PostAsync(Events + "?expected_position=1", """{"events": []}""");
        var problem = await ProblemAnswer.OfAsync(answer, HttpStatusCode.BadRequest);

        Assert.Equal("there is no such query parameter; this route takes none", problem.ErrorOf("expected_position"));
    }

    [Theory]
    [InlineData("/v1/jobs?statuses=RUNNING", "statuses[0]", "'RUNNING' is none of " + Statuses)]
    [InlineData("/v1/jobs/j/executions?statuses=EXECUTION_STATUS_RUNNING&statuses=99", "statuses[1]", "'99' is none of " + Statuses)]
    [InlineData("/v1/jobs/j:watch?filter.statuses=bogus", "filter.statuses[0]", "'bogus' is none of " + Statuses)]
    [InlineData("/v1/jobs/j/events?filter.min_level=", "filter.min_level", "'' is none of " + Levels)]
    [InlineData("/v1/jobs/j/executions/e:replay?filter.min_level=WARN", "filter.min_level", "'WARN' is none of " + Levels)]
    public async Task A_word_that_a_filter_does_not_have_is_refused_with_those_that_it_has(string path, string field, string why)
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var edge = await RunningEdge.StartAsync(node.Address);

        using var answer = await edge.GetAsync(path);
        var problem = await ProblemAnswer.OfAsync(answer, HttpStatusCode.BadRequest);

        Assert.Equal(("INVALID_FILTER", $"{field}: {why}", why), (problem.Code, problem.Detail, problem.ErrorOf(field)));
    }

    [Theory]
    [InlineData("/v1/jobs/j:watch?last_event_id=a&last_event_id=b", "last_event_id")]
    [InlineData("/v1/jobs:watch?last_event_id=a&last_event_id=a", "last_event_id")]
    [InlineData("/v1/jobs/j/executions/e:replay", "Last-Event-ID", "a", "b")]
    [InlineData("/api/v1/realtime/reconciliations/j", "Last-Event-ID", "a", "b")]
    public async Task A_place_to_go_on_from_can_be_given_only_once(string path, string field, params string[] headers)
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var edge = await RunningEdge.StartAsync(node.Address);

        using var answer = await edge.GetAsync(path, [.. headers.Select(cursor => ("Last-Event-ID", cursor))]);
        var problem = await ProblemAnswer.OfAsync(answer, HttpStatusCode.BadRequest);

        Assert.Equal(("INVALID_FIELD", "was given twice; it can be given only once"), (problem.Code, problem.ErrorOf(field)));
    }

    [Theory]
    [InlineData("/nothing")]
    [InlineData("/v1/jobs/j/nothing")]
    [InlineData("/v1")]
    public async Task A_path_that_leads_nowhere_is_404(string path)
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var edge = await RunningEdge.StartAsync(node.Address);

        using var answer = await edge.GetAsync(path);
        var problem = await ProblemAnswer.OfAsync(answer, HttpStatusCode.NotFound);

        Assert.Equal(("ROUTE_NOT_FOUND", $"There is nothing at {path}."), (problem.Code, problem.Detail));
    }

    [Theory]
    [InlineData("DELETE", Events, "GET, POST")]
    [InlineData("HEAD", Events, "GET, POST")]
    [InlineData("POST", "/v1/jobs", "GET")]
    [InlineData("DELETE", "/v1/jobs", "GET")]
    [InlineData("OPTIONS", "/v1/jobs", "GET")]
    [InlineData("HEAD", "/v1/jobs", "GET")]
    [InlineData("PUT", "/v1/jobs/j", "DELETE, GET")]
    [InlineData("HEAD", "/v1/jobs/j", "DELETE, GET")]
    [InlineData("POST", "/v1/jobs:watch", "GET")]
    [InlineData("HEAD", "/v1/jobs:watch", "GET")]
    [InlineData("POST", "/v1/jobs/j:watch", "GET")]
    [InlineData("DELETE", "/v1/jobs/j:watch", "GET")]
    [InlineData("POST", "/v1/jobs/j/executions/e:replay", "GET")]
    [InlineData("POST", "/openapi/v1.json", "GET")]
    [InlineData("POST", "/metrics", "GET")]
    [InlineData("HEAD", "/metrics", "GET")]
    [InlineData("POST", "/livez", "GET, HEAD")]
    [InlineData("POST", "/", "GET, HEAD")]
    [InlineData("POST", "/main.js", "GET, HEAD")]
    public async Task A_method_that_a_path_does_not_take_is_405_and_says_which_it_takes(string method, string path, string takes)
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var edge = await RunningEdge.StartAsync(node.Address);

        using var answer = await edge.SendAsync(HttpMethod.Parse(method), path);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(takes.Split(", "), answer.Content.Headers.Allow.Order());
        if (method != "HEAD")
            Assert.Equal("METHOD_NOT_ALLOWED", (await ProblemAnswer.OfAsync(answer, HttpStatusCode.MethodNotAllowed)).Code);
    }

    [Theory]
    [InlineData("evil.example", 400)]
    [InlineData("evil.example:8080", 400)]
    [InlineData("localhost", 200)]
    [InlineData("127.0.0.1:8080", 200)]
    [InlineData("[::1]:8080", 200)]
    public async Task A_host_that_is_not_allowed_is_a_problem_on_every_route(string host, int status)
    {
        await using var edge = await RunningEdge.StartAsync("http://127.0.0.1:1", settings: "--AllowedHosts=localhost;127.0.0.1;[::1]");

        foreach (var path in (string[])["/", "/livez", "/openapi/v1.json"])
        {
            using var answer = await edge.GetAsync(path, ("Host", host));

            Assert.Equal(status, (int)answer.StatusCode);
            if (status == 400)
                Assert.Equal("HOST_NOT_ALLOWED", (await ProblemAnswer.OfAsync(answer, HttpStatusCode.BadRequest)).Code);
        }
    }

    [Fact]
    public async Task The_nodes_grpc_methods_are_not_the_edges()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var edge = await RunningEdge.StartAsync(node.Address);

        foreach (var contentType in new[] { "application/json", "application/grpc" })
        {
            using var answer = await edge.PostAsync("/jobwatch.v1.CatalogService/GetJob", "", contentType);
            Assert.Equal("ROUTE_NOT_FOUND", (await ProblemAnswer.OfAsync(answer, HttpStatusCode.NotFound)).Code);
        }
    }
}
