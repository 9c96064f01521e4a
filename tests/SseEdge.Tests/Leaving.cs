using System.Net;
using Grpc.Core;
using Jobwatch.Shared;
using Jobwatch.SseEdge.Tests.Peer;
using Jobwatch.Testing;
using Jobwatch.V1;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Jobwatch.SseEdge.Tests;

/// <summary>How streams end that did nothing wrong: their edge leaves, or they are old.</summary>
public sealed class Leaving
{
    [Fact]
    public async Task An_edge_that_was_told_to_stop_says_that_it_is_not_ready_and_serves_on_for_a_while()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var edge = await RunningEdge.StartAsync(node.Address, settings: "--Edge:PreStopDelay=00:05:00");
        var departure = edge.Services.GetRequiredService<Departure>();
        departure.Begin();

        Assert.Equal("DRAINING", await CodeAsync(edge, "/readyz"));
        using var live = await edge.GetAsync("/livez");
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        await using var stream = await EventStream.OpenAsync(edge, "/v1/jobs/j:watch");
        Assert.Equal(HttpStatusCode.OK, stream.Response.StatusCode);

        departure.Begin();
        Assert.Equal("draining", (await stream.NextAsync())?.EventType);
        Assert.Null(await stream.NextAsync());
        Assert.Equal("DRAINING", await CodeAsync(edge, "/v1/jobs/j:watch"));
    }

    [Theory]
    [InlineData("/v1/jobs/j:watch", "")]
    [InlineData("/v1/jobs/j:watch?start.latest=true", "")]
    [InlineData("/v1/jobs/j:watch?start.beginning=true", "c0")]
    [InlineData("/v1/jobs/j:watch?last_event_id=c0", "c0")]
    // Its cursor says of each job whether the snapshot is yet to come.
    [InlineData("/v1/jobs:watch", "c0")]
    public async Task An_edge_that_leaves_before_the_first_message_gives_no_id_after_which_the_snapshot_would_be_lost(string path, string id)
    {
        await using var node = await ScriptedNode.StartAsync();
        node.WatchMany = async (_, _, context) =>
        {
            await context.WriteResponseHeadersAsync(ScriptedNode.Accepted("c0"));
            await ScriptedNode.Forever(context.CancellationToken);
        };
        await using var edge = await RunningEdge.StartAsync(node.Address);
        await using var events = await EventStream.OpenAsync(edge, path);
        using var answer = await edge.GetAsync(path);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));

        edge.Services.GetRequiredService<Departure>().Begin();

        Assert.Equal("draining", (await events.NextAsync())?.EventType);
        Assert.Equal(id, events.LastEventId);
        var line = await lines.ReadLineAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith($$"""{"cursor":"{{id}}","draining":""", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/jobs/j:watch", "")]
    [InlineData("/v1/jobs:watch", ",\"jobId\":\"j\"")]
    [InlineData("/v1/jobs/j/executions/x:replay", "")]
    public async Task An_edge_that_leaves_between_an_executions_last_event_and_its_end_says_the_end(string path, string job)
    {
        ExecutionEvent last = new()
        {
            JobId = "j",
            ExecutionId = "x",
            Position = 9,
            Status = ExecutionStatus.Succeeded,
            ExecutionSucceeded = new ExecutionSucceeded(),
        };
        await using var node = await ScriptedNode.StartAsync();
        node.Watch = (_, stream, context) => SayAsync(stream, new WatchJobResponse { Cursor = "c9", Event = last }, context);
        node.WatchMany = (_, stream, context) => SayAsync(stream, new WatchJobsResponse { Cursor = "c9", JobId = "j", Event = last }, context);
        node.Replay = (_, stream, context) => SayAsync(stream, new ReplayExecutionResponse { Cursor = "c9", Event = last }, context);
        await using var edge = await RunningEdge.StartAsync(node.Address);
        await using var events = await EventStream.OpenAsync(edge, path);
        Assert.Equal(("execution_update", "c9"), await NextAsync(events));

        edge.Services.GetRequiredService<Departure>().Begin();

        var ended = await events.NextAsync();
        Assert.Equal(("execution_ended", "c9"), (ended?.EventType, ended?.EventId));
        Assert.Equal($$"""{"executionId":"x","status":"EXECUTION_STATUS_SUCCEEDED","position":9{{job}}}""", ended!.Value.Data);
        Assert.Equal(("draining", "c9"), await NextAsync(events));
        Assert.Null(await events.NextAsync());
    }

    [Fact]
    public async Task An_end_that_an_error_came_before_is_said_before_the_error()
    {
        ExecutionEvent last = new() { ExecutionId = "x", Position = 9, ExecutionFailed = new ExecutionFailed() };
        var isSeen = new TaskCompletionSource();
        await using var node = await ScriptedNode.StartAsync();
        node.Watch = async (_, stream, context) =>
        {
            await context.WriteResponseHeadersAsync(ScriptedNode.Accepted("c8"));
            await stream.WriteAsync(new WatchJobResponse { Cursor = "c9", Event = last });
            await isSeen.Task;
            throw new RpcException(new Status(StatusCode.PermissionDenied, "withdrawn"));
        };
        await using var edge = await RunningEdge.StartAsync(node.Address);
        await using var events = await EventStream.OpenAsync(edge, "/v1/jobs/j:watch");
        Assert.Equal(("execution_update", "c9"), await NextAsync(events));

        isSeen.SetResult();

        Assert.Equal(("execution_ended", "c9"), await NextAsync(events));
        Assert.Equal("error", (await events.NextAsync())?.EventType);
        Assert.Null(await events.NextAsync());
    }

    [Fact]
    public async Task A_reader_of_a_shared_feed_is_told_the_end_too()
    {
        ExecutionEvent last = new() { ExecutionId = "x", Position = 9, ExecutionFailed = new ExecutionFailed() };
        var isLive = new TaskCompletionSource();
        await using var node = await ScriptedNode.StartAsync();
        node.Watch = async (_, stream, context) =>
        {
            await context.WriteResponseHeadersAsync(ScriptedNode.Accepted("c8"));
            await stream.WriteAsync(new WatchJobResponse { Cursor = "c8", CaughtUp = new CaughtUp() });
            await isLive.Task;
            await stream.WriteAsync(new WatchJobResponse { Cursor = "c9", Event = last });
            await ScriptedNode.Forever(context.CancellationToken);
        };
        await using var edge = await RunningEdge.StartAsync(node.Address);
        await using var events = await LiveAsync(edge);
        isLive.SetResult();
        Assert.Equal(("execution_update", "c9"), await NextAsync(events));

        edge.Services.GetRequiredService<Departure>().Begin();

        Assert.Equal(("execution_ended", "c9"), await NextAsync(events));
        Assert.Equal(("draining", "c9"), await NextAsync(events));
    }

    [Fact]
    public async Task Streams_that_are_old_enough_say_farewell_one_by_one_and_leave_those_that_share_their_feed_alone()
    {
        var time = new FakeTimeProvider();
        var log = new ScriptedLog();
        await using var node = await ScriptedNode.StartAsync();
        node.Watch = log.WatchAsync;
        await using var edge = await RunningEdge.StartAsync(
            node.Address, builder => builder.Services.AddSingleton<TimeProvider>(time), "--Edge:MaxStreamAge=00:05:00", "--Edge:HeartbeatAfter=01:00:00");
        var old = new List<EventStream>();
        for (var i = 0; i < 40; i++)
            old.Add(await LiveAsync(edge));
        time.Advance(TimeSpan.FromMinutes(3.9));
        await using var young = await LiveAsync(edge);
        log.Append(1);
        foreach (var stream in old.Append(young))
            Assert.Equal("c1", (await stream.NextAsync())?.EventId);

        var ends = old.Select(stream => stream.NextAsync()).ToList();
        time.Advance(TimeSpan.FromMinutes(1.1));
        await Eventually.TrueAsync(() => ends.Count(end => end.IsCompleted) > 5, TimeSpan.FromSeconds(10), "some have ended");
        Assert.Contains(ends, end => !end.IsCompleted);
        time.Advance(TimeSpan.FromMinutes(1.1));

        Assert.All(await Task.WhenAll(ends), end => Assert.Equal(("draining", "c1"), (end?.EventType, end?.EventId)));
        foreach (var stream in old)
        {
            Assert.Null(await stream.NextAsync());
            await stream.DisposeAsync();
        }

        log.Append(1);
        Assert.Equal("c2", (await young.NextAsync())?.EventId);
        Assert.Equal(1, log.Active);
    }

    [Fact]
    public async Task A_peer_that_vanished_is_noticed_within_30_s()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var edge = await RunningEdge.StartAsync(node.Address);
        var limits = edge.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;

        Assert.InRange(limits.Http2.KeepAlivePingDelay + limits.Http2.KeepAlivePingTimeout, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(29));
    }

    private static async Task<(string? Type, string? Id)> NextAsync(EventStream events) =>
        await events.NextAsync() is { } next ? (next.EventType, next.EventId) : default;

    // Says no more than that, until the edge goes away.
    private static async Task SayAsync<TMessage>(IServerStreamWriter<TMessage> stream, TMessage message, ServerCallContext context)
    {
        await context.WriteResponseHeadersAsync(ScriptedNode.Accepted("c0"));
        await stream.WriteAsync(message);
        await ScriptedNode.Forever(context.CancellationToken);
    }

    private static async Task<EventStream> LiveAsync(RunningEdge edge)
    {
        var stream = await EventStream.OpenAsync(edge, "/v1/jobs/j:watch?start.latest=true");
        Assert.Equal("caught_up", (await stream.NextAsync())?.EventType);
        return stream;
    }

    private static async Task<string?> CodeAsync(RunningEdge edge, string path)
    {
        using var answer = await edge.GetAsync(path);
        return (await ProblemAnswer.OfAsync(answer, HttpStatusCode.ServiceUnavailable)).Code;
    }
}
