using System.Net;
using System.Text.Json;
using Grpc.Core;
using Jobwatch.SseEdge.Tests.Peer;

namespace Jobwatch.SseEdge.Tests;

public sealed class StreamErrors
{
    [Theory]
    [InlineData(StatusCode.InvalidArgument, "CURSOR_UNKNOWN", HttpStatusCode.BadRequest)]
    [InlineData(StatusCode.Unauthenticated, "CREDENTIALS_UNKNOWN", HttpStatusCode.Unauthorized)]
    [InlineData(StatusCode.NotFound, "JOB_NOT_FOUND", HttpStatusCode.NotFound)]
    [InlineData(StatusCode.OutOfRange, "HISTORY_TRUNCATED", HttpStatusCode.Gone)]
    [InlineData(StatusCode.ResourceExhausted, "TOO_MANY_WATCHES", HttpStatusCode.TooManyRequests)]
    [InlineData(StatusCode.Unavailable, "STORE_UNAVAILABLE", HttpStatusCode.ServiceUnavailable)]
    public async Task A_refusal_comes_before_the_stream_as_a_problem(StatusCode code, string reason, HttpStatusCode status)
    {
        await using var node = await ScriptedNode.StartAsync();
        node.Watch = (_, _, _) => throw Refusals.Of(code, reason, TimeSpan.FromMilliseconds(2100));
        await using var edge = await RunningEdge.StartAsync(node.Address);

        foreach (var path in new[] { "/v1/jobs/j:watch", "/api/v1/realtime/reconciliations/j" })
        {
            using var answer = await edge.GetAsync(path, ("Accept", "text/event-stream"));
            var problem = await ProblemAnswer.OfAsync(answer, status);

            Assert.Equal((reason, $"refused for {reason}"), (problem.Code, problem.Detail));
            Assert.Equal("c7", problem.Json.GetProperty("metadata").GetProperty("oldest_cursor").GetString());
            var waits = status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;
            Assert.Equal(waits ? TimeSpan.FromSeconds(3) : null, answer.Headers.RetryAfter?.Delta);
        }
    }

    [Fact]
    public async Task A_job_named_by_a_wrong_query_is_a_problem_even_where_events_are_accepted()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var edge = await RunningEdge.StartAsync(node.Address);

        using var answer = await edge.GetAsync("/v1/jobs/j:watch?filter.min_level=LOUD", ("Accept", "text/event-stream"));
        var problem = await ProblemAnswer.OfAsync(answer, HttpStatusCode.BadRequest);

        Assert.StartsWith("'LOUD' is none of LOG_LEVEL_TRACE, ", problem.ErrorOf("filter.min_level"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("start.resume_cursor", "", "h", "Last-Event-ID")]
    [InlineData("start.resume_cursor", "last_event_id=q", "h", "Last-Event-ID")]
    [InlineData("start.resume_cursor", "last_event_id=q", null, "last_event_id")]
    [InlineData("start.cursor", "start.cursor=c", null, "start.cursor")]
    [InlineData("start.cursor", "start.cursor=c", "h", "start.cursor")]
    [InlineData("start.resume_cursor", "start.resume_cursor=c", null, "start.resume_cursor")]
    [InlineData("filter.labels[0]", "last_event_id=q", null, "filter.labels[0]")]
    public async Task A_refused_cursor_is_named_as_the_caller_wrote_it(string nodes, string query, string? header, string callers)
    {
        await using var node = await ScriptedNode.StartAsync();
        node.Watch = (_, _, _) => throw Refusals.Of(StatusCode.InvalidArgument, $"{nodes}: no good", null, (nodes, "no good"));
        await using var edge = await RunningEdge.StartAsync(node.Address);

        using var answer = await edge.GetAsync($"/v1/jobs/j:watch?{query}", header is null ? [] : [("Last-Event-ID", header)]);
        var problem = await ProblemAnswer.OfAsync(answer, HttpStatusCode.BadRequest);

        Assert.Equal(("no good", $"refused for {callers}: no good"), (problem.ErrorOf(callers), problem.Detail));
        Assert.Single(problem.Json.GetProperty("errors").EnumerateObject());
    }

    [Fact]
    public async Task A_refused_cursor_of_a_replay_is_named_as_the_caller_wrote_it()
    {
        await using var node = await ScriptedNode.StartAsync();
        node.Replay = (_, _, _) => throw Refusals.Of(StatusCode.InvalidArgument, "CURSOR_UNKNOWN", null, ("cursor", "no good"));
        await using var edge = await RunningEdge.StartAsync(node.Address);

        using var resumed = await edge.GetAsync("/v1/jobs/j/executions/e:replay", ("Last-Event-ID", "h"));
        using var begun = await edge.GetAsync("/v1/jobs/j/executions/e:replay?cursor=c");

        Assert.Equal("no good", (await ProblemAnswer.OfAsync(resumed, HttpStatusCode.BadRequest)).ErrorOf("Last-Event-ID"));
        Assert.Equal("no good", (await ProblemAnswer.OfAsync(begun, HttpStatusCode.BadRequest)).ErrorOf("cursor"));
    }

    [Fact]
    public async Task An_error_within_the_stream_is_its_last_event()
    {
        await using var node = await ScriptedNode.StartAsync();
        node.Watch = FailsAfterTwo;
        await using var edge = await RunningEdge.StartAsync(node.Address);
        await using var events = await EventStream.OpenAsync(edge, "/v1/jobs/j:watch");

        await events.NextAsync();
        await events.NextAsync();
        var error = await events.NextAsync();

        Assert.Equal("error", error?.EventType);
        Assert.Equal("HISTORY_TRUNCATED", ProblemAnswer.Of(error!.Value.Data, HttpStatusCode.Gone).Code);
        Assert.Equal("c2", events.LastEventId);
        Assert.Null(await events.NextAsync());
    }

    [Fact]
    public async Task An_error_within_newline_delimited_json_is_its_last_line()
    {
        await using var node = await ScriptedNode.StartAsync();
        node.Watch = FailsAfterTwo;
        await using var edge = await RunningEdge.StartAsync(node.Address);
        using var answer = await edge.GetAsync("/v1/jobs/j:watch");

        var lines = (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split('\n');

        Assert.Equal(4, lines.Length);
        Assert.Equal("", lines[3]);
        using var last = JsonDocument.Parse(lines[2]);
        Assert.Equal("HISTORY_TRUNCATED", ProblemAnswer.Of(last.RootElement.GetProperty("error").GetRawText(), HttpStatusCode.Gone).Code);
    }

    [Fact]
    public async Task A_fault_within_the_stream_is_told_to_the_log_and_not_to_the_reader()
    {
        await using var node = await ScriptedNode.StartAsync();
        node.Watch = async (_, stream, context) =>
        {
            await Says.SayAsync(stream, context, Says.Events(1, 2));
            throw new RpcException(new Status(StatusCode.Internal, "a word of the inside"));
        };
        await using var edge = await RunningEdge.StartAsync(node.Address);
        edge.Expects = error => error.Contains("a word of the inside", StringComparison.Ordinal);
        using var answer = await edge.GetAsync("/v1/jobs/j:watch");

        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.EndsWith("\"code\":\"INTERNAL\"}}\n", body, StringComparison.Ordinal);
        Assert.DoesNotContain("inside", body, StringComparison.Ordinal);
        Assert.Contains(edge.Errors, error => edge.Expects(error));
    }

    [Fact]
    public async Task A_node_that_does_not_accept_in_time_is_504()
    {
        await using var node = await ScriptedNode.StartAsync();
        node.Watch = (_, _, context) => ScriptedNode.Forever(context.CancellationToken);
        await using var edge = await RunningEdge.StartAsync(node.Address, settings: "--Edge:CallTimeout=00:00:00.300");

        using var answer = await edge.GetAsync("/v1/jobs/j:watch", ("Accept", "text/event-stream"));

        Assert.Equal("DEADLINE_EXCEEDED", (await ProblemAnswer.OfAsync(answer, HttpStatusCode.GatewayTimeout)).Code);
    }

    [Fact]
    public async Task A_node_that_is_away_is_503_before_the_stream()
    {
        await using var node = await ScriptedNode.StartAsync();
        await node.DownAsync();
        await using var edge = await RunningEdge.StartAsync(node.Address);

        using var answer = await edge.GetAsync("/v1/jobs/j:watch", ("Accept", "text/event-stream"));
        var problem = await ProblemAnswer.OfAsync(answer, HttpStatusCode.ServiceUnavailable);

        Assert.Equal("NODE_UNAVAILABLE", problem.Code);
        Assert.DoesNotContain("127.0.0.1", problem.Detail, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter?.Delta);
    }

    private static async Task FailsAfterTwo(
        V1.WatchJobRequest request, IServerStreamWriter<V1.WatchJobResponse> stream, ServerCallContext context)
    {
        await Says.SayAsync(stream, context, Says.Events(1, 2));
        throw Refusals.Of(StatusCode.OutOfRange, "HISTORY_TRUNCATED");
    }
}
