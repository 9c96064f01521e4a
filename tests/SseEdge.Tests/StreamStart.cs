using System.Net;
using Grpc.Core;
using Jobwatch.SseEdge.Tests.Peer;
using Jobwatch.V1;

namespace Jobwatch.SseEdge.Tests;

public sealed class StreamStart
{
    [Theory]
    [InlineData("/v1/jobs/j:watch?start.beginning=true", null, "{ \"beginning\": true }")]
    [InlineData("/v1/jobs/j:watch?start.from_position=12", null, "{ \"fromPosition\": \"12\" }")]
    [InlineData("/v1/jobs/j:watch?start.beginning=true&last_event_id=q", null, "{ \"beginning\": true, \"resumeCursor\": \"q\" }")]
    [InlineData("/v1/jobs/j:watch?start.beginning=true&last_event_id=q", "h", "{ \"beginning\": true, \"resumeCursor\": \"h\" }")]
    [InlineData("/v1/jobs/j:watch", "h", "{ \"resumeCursor\": \"h\" }")]
    [InlineData("/api/v1/realtime/reconciliations/j?start.latest=true", "h", "{ \"latest\": true, \"resumeCursor\": \"h\" }")]
    public async Task The_header_comes_before_the_query_and_both_before_the_start(string path, string? header, string start)
    {
        await using var node = await ScriptedNode.StartAsync();
        var asked = new TaskCompletionSource<WatchJobRequest>();
        node.Watch = (request, _, _) =>
        {
            asked.SetResult(request);
            return Task.CompletedTask;
        };
        await using var edge = await RunningEdge.StartAsync(node.Address);

        await using var events = await EventStream.OpenAsync(edge, path, header);

        Assert.Equal(start, (await asked.Task).Start.ToString());
    }

    [Fact]
    public async Task All_of_a_watch_can_be_said_in_the_query()
    {
        await using var node = await ScriptedNode.StartAsync();
        var asked = new TaskCompletionSource<WatchJobRequest>();
        node.Watch = (request, _, _) =>
        {
            asked.SetResult(request);
            return Task.CompletedTask;
        };
        await using var edge = await RunningEdge.StartAsync(node.Address);

        await using var events = await EventStream.OpenAsync(
            edge,
            "/v1/jobs/ledger-eu.1:watch?start.from_execution=x&filter.execution_ids=a&filter.execution_ids=b&filter.event_types=log_written"
            + "&filter.statuses=EXECUTION_STATUS_RUNNING&filter.min_level=LOG_LEVEL_WARN&filter.labels=k%3Dv&filter.text=%C3%A4%20b"
            + "&allow_missing=true&until_execution_ends=true&on_truncated=continue&max_updates_per_second=5");

        var expected = new WatchJobRequest
        {
            JobId = "ledger-eu.1",
            Start = new WatchStart { FromExecution = "x" },
            Filter = new EventFilter
            {
                ExecutionIds = { "a", "b" },
                EventTypes = { "log_written" },
                Statuses = { ExecutionStatus.Running },
                MinLevel = LogLevel.Warn,
                Labels = { "k=v" },
                Text = "ä b",
            },
            AllowMissing = true,
            UntilExecutionEnds = true,
            OnTruncated = "continue",
            MaxUpdatesPerSecond = 5,
        };
        Assert.Equal(expected, await asked.Task);
    }

    [Fact]
    public async Task A_replay_goes_on_by_its_cursor_and_a_watch_of_many_by_its_start()
    {
        await using var node = await ScriptedNode.StartAsync();
        var replay = new TaskCompletionSource<ReplayExecutionRequest>();
        var many = new TaskCompletionSource<WatchJobsRequest>();
        node.Replay = async (request, stream, _) =>
        {
            replay.SetResult(request);
            await stream.WriteAsync(new ReplayExecutionResponse { Cursor = "r9", CaughtUp = new CaughtUp() });
        };
        node.WatchMany = async (request, stream, _) =>
        {
            many.SetResult(request);
            await stream.WriteAsync(new WatchJobsResponse { Cursor = "m9", JobId = "a", Event = new ExecutionEvent { JobId = "a", Position = 3 } });
        };
        await using var edge = await RunningEdge.StartAsync(node.Address);

        await using var replayed = await EventStream.OpenAsync(edge, "/v1/jobs/j/executions/e:replay?cursor=c&speed=2.5&max_pause=1.5s", "r1");
        await using var watched = await EventStream.OpenAsync(edge, "/v1/jobs:watch?job_ids=a&job_ids=b", "m1");

        Assert.Equal("r9 caught_up", $"{(await replayed.NextAsync())?.EventId} caught_up");
        Assert.Equal("execution_update", (await watched.NextAsync())?.EventType);
        Assert.Equal("m9", watched.LastEventId);
        Assert.Equal(("r1", "e", 2.5, 500_000_000), ((await replay.Task).Cursor, (await replay.Task).ExecutionId, (await replay.Task).Speed, (await replay.Task).MaxPause.Nanos));
        Assert.Equal(("m1", "b"), ((await many.Task).Start.ResumeCursor, (await many.Task).JobIds[1]));
    }

    [Fact]
    public async Task The_headers_come_before_any_event_and_say_where_the_stream_starts()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var edge = await RunningEdge.StartAsync(node.Address);

        using var answer = await edge.GetAsync("/v1/jobs/j:watch", ("Accept", "text/event-stream"), ("Accept-Encoding", "gzip, br"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(["c0"], answer.Headers.GetValues("Jobwatch-Last-Event-Id"));
        Assert.Equal(["no"], answer.Headers.GetValues("X-Accel-Buffering"));
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.Empty(answer.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task The_headers_of_newline_delimited_json_come_at_once_too()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var edge = await RunningEdge.StartAsync(node.Address);

        using var answer = await edge.GetAsync("/v1/jobs/j:watch");

        Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal(["c0"], answer.Headers.GetValues("Jobwatch-Last-Event-Id"));
    }

    [Theory]
    [InlineData("text/event-stream")]
    [InlineData("*/*")]
    public async Task A_watch_with_nothing_left_is_204(string accept)
    {
        await using var node = await ScriptedNode.StartAsync();
        node.Watch = (_, _, context) => context.WriteResponseHeadersAsync(
            new Metadata { { "jobwatch-last-event-id", "c5" }, { "jobwatch-nothing-left", "true" } });
        await using var edge = await RunningEdge.StartAsync(node.Address);

        using var answer = await edge.GetAsync("/v1/jobs/j:watch?until_execution_ends=true", ("Accept", accept));

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(["c5"], answer.Headers.GetValues("Jobwatch-Last-Event-Id"));
    }

    [Fact]
    public async Task The_callers_credentials_reach_the_node_unchanged()
    {
        await using var node = await ScriptedNode.StartAsync();
        var seen = new TaskCompletionSource<string?>();
        node.Watch = (_, _, context) =>
        {
            seen.SetResult(context.RequestHeaders.GetValue("authorization"));
            return Task.CompletedTask;
        };
        await using var edge = await RunningEdge.StartAsync(node.Address);

        using var answer = await edge.GetAsync("/v1/jobs/j:watch", ("Authorization", "Bearer t0ken"));

        Assert.Equal("Bearer t0ken", await seen.Task);
    }

    [Fact]
    public async Task A_reader_that_leaves_ends_the_call_at_the_node()
    {
        await using var node = await ScriptedNode.StartAsync();
        var ended = new TaskCompletionSource();
        node.Watch = async (_, _, context) =>
        {
            context.CancellationToken.Register(() => ended.TrySetResult());
            await Says.ThenWaits()(new WatchJobRequest(), null!, context);
        };
        await using var edge = await RunningEdge.StartAsync(node.Address);
        var answer = await edge.GetAsync("/v1/jobs/j:watch");

        answer.Dispose();

        await ended.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }
}
