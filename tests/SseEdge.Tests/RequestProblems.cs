using System.Net;
using System.Text;
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
    [InlineData("/v1/jobs?page_size=1&page_size=2", "page_size", "can be given only once")]
    [InlineData("/v1/jobs/j:watch?start.cursor=c&start.beginning=true", "start.beginning", "can't be given together with start.cursor")]
    [InlineData("/v1/jobs/j:watch?start.beginning=yes", "start.beginning", "'yes' is neither true nor false")]
    [InlineData("/v1/jobs/j:watch?start.from_position=1e3", "start.from_position", "'1e3' is not a 64-bit integer")]
    [InlineData("/v1/jobs/j/executions/e:replay?speed=fast", "speed", "'fast' is not a number")]
    [InlineData("/v1/jobs/j/executions/e:replay?max_pause=5", "max_pause", "'5' is not a duration such as 1.5s")]
    [InlineData("/v1/jobs/j/executions/e:replay?max_pause=.5s", "max_pause", "'.5s' is not a duration such as 1.5s")]
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
    [InlineData("/v1/jobs?statuses=RUNNING", "statuses", "'RUNNING' is none of " + Statuses)]
    [InlineData("/v1/jobs/j/executions?statuses=99", "statuses", "'99' is none of " + Statuses)]
    [InlineData("/v1/jobs/j:watch?filter.statuses=bogus", "filter.statuses", "'bogus' is none of " + Statuses)]
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
    [InlineData("""{"event": []}""", "event", "there is no such field")]
    [InlineData("""{"events": {}}""", "events", "has to be a list")]
    [InlineData("""{"events": [{"executionId": 5}]}""", "events[0].execution_id", "has to be a string")]
    [InlineData("""{"events": [{}, {"logWritten": {"level": "LOUD"}}]}""", "events[1].log_written.level", "has to be one of " + Levels)]
    [InlineData("""{"events": [{"logWriten": {}}]}""", "events[0].logWriten", "there is no such field")]
    [InlineData("""{"events": [{"occurredAt": "yesterday"}]}""", "events[0].occurred_at", "has to be a time such as 2026-11-23T08:00:00Z")]
    [InlineData("""{"events": [{"progressReported": {"done": 1.5}}]}""", "events[0].progress_reported.done", "has to be a 64-bit integer")]
    [InlineData("""{"events": [{"executionStarted": {"labels": {"k": 1}}}]}""", "events[0].execution_started.labels.k", "has to be a string")]
    [InlineData("""{"events": [{"custom": {"name": "n", "data": 1}}]}""", "events[0].custom.data", "has to be an object")]
    [InlineData("""{"events": [{"logWritten": {}, "stepStarted": {}}]}""", "events[0].step_started", "can't be given together with log_written")]
    [InlineData("""[]""", "body", "has to be an object")]
    public async Task A_body_that_is_wrong_says_where_and_why(string body, string field, string why)
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var edge = await RunningEdge.StartAsync(node.Address);

        using var answer = await edge.PostAsync(Events, body);
        var problem = await ProblemAnswer.OfAsync(answer, HttpStatusCode.BadRequest);

        Assert.Equal(("INVALID_FIELD", why), (problem.Code, problem.ErrorOf(field)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"events\": [")]
    [InlineData("{\"events\": []} x")]
    [InlineData("{'events': []}")]
    [InlineData("\u0000")]
    public async Task A_body_that_is_not_json_says_where(string body)
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var edge = await RunningEdge.StartAsync(node.Address);

        using var answer = await edge.PostAsync(Events, body);
        var problem = await ProblemAnswer.OfAsync(answer, HttpStatusCode.BadRequest);

        Assert.Equal("INVALID_JSON", problem.Code);
        Assert.StartsWith("The body is not JSON: line 1, byte ", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_that_is_not_utf8_is_refused()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var edge = await RunningEdge.StartAsync(node.Address);
        byte[] body = [.. "{\"events\": [{\"logWritten\": {\"text\": \""u8, 0xff, 0xfe, .. "\"}}]}"u8];

        using var content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
        using var answer = await edge.Http.PostAsync(Events, content, TestContext.Current.CancellationToken);

        await ProblemAnswer.OfAsync(answer, HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=iso-8859-1")]
    [InlineData("application/json; charset=nonsense")]
    public async Task A_body_of_another_type_is_415(string contentType)
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var edge = await RunningEdge.StartAsync(node.Address);

        using var answer = await edge.PostAsync(Events, "{}", contentType);

        Assert.Equal("UNSUPPORTED_MEDIA_TYPE", (await ProblemAnswer.OfAsync(answer, HttpStatusCode.UnsupportedMediaType)).Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_that_is_too_large_is_413_with_and_without_a_length(bool withLength)
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var edge = await RunningEdge.StartAsync(node.Address, settings: "--Edge:MaxRequestBodyBytes=4096");
        using var content = new StringContent($"{{\"jobId\": \"{new string('x', 8192)}\"}}", Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, Events) { Content = content };
        request.Headers.TransferEncodingChunked = !withLength;

        using var answer = await edge.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal("REQUEST_TOO_LARGE", (await ProblemAnswer.OfAsync(answer, HttpStatusCode.RequestEntityTooLarge)).Code);
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

    [Fact]
    public async Task A_method_that_a_path_does_not_take_is_405_and_says_which_it_takes()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var edge = await RunningEdge.StartAsync(node.Address);

        using var answer = await edge.SendAsync(HttpMethod.Delete, Events);
        var problem = await ProblemAnswer.OfAsync(answer, HttpStatusCode.MethodNotAllowed);

        Assert.Equal("METHOD_NOT_ALLOWED", problem.Code);
        Assert.Equal(["GET", "POST"], answer.Content.Headers.Allow.Order());
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
