using System.Globalization;
using System.Net;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Jobwatch.SseEdge.Tests.Peer;
using Jobwatch.V1;

namespace Jobwatch.SseEdge.Tests;

public sealed class StreamResuming
{
    [Fact]
    public async Task A_node_that_dies_in_mid_stream_is_not_noticed_by_the_reader()
    {
        await using var node = await ScriptedNode.StartAsync();
        node.Watch = Says.ThenWaits(Says.Events(1, 3));
        await using var edge = await RunningEdge.StartAsync(node.Address);
        await using var events = await EventStream.OpenAsync(edge, "/v1/jobs/j:watch?start.beginning=true");
        for (var position = 1; position <= 3; position++)
            Assert.Equal($"c{position}", (await events.NextAsync())?.EventId);

        var resumedFrom = new TaskCompletionSource<string>();
        node.Watch = async (request, stream, context) =>
        {
            resumedFrom.TrySetResult(request.Start.ResumeCursor);
            await Says.ThenWaits(Says.Events(4, 5))(request, stream, context);
        };
        await node.DownAsync();
        await node.UpAsync();

        Assert.Equal("c4", (await events.NextAsync())?.EventId);
        Assert.Equal("c5", (await events.NextAsync())?.EventId);
        Assert.Equal("c3", await resumedFrom.Task);
    }

    [Fact]
    public async Task A_draining_node_is_left_and_come_back_to_by_the_edge_itself()
    {
        await using var node = await ScriptedNode.StartAsync();
        var calls = 0;
        node.Watch = async (request, stream, context) =>
        {
            if (Interlocked.Increment(ref calls) == 1)
            {
                await Says.SayAsync(stream, context, [
                    Says.Event(1),
                    new WatchJobResponse { Cursor = "c1", CaughtUp = new CaughtUp() },
                    new WatchJobResponse { Cursor = "c1", Draining = new Draining { RetryDelay = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(10)) } },
                ]);
                throw Refusals.Of(StatusCode.Unavailable, "DRAINING");
            }

            await Says.ThenEnds(new WatchJobResponse { Cursor = "c1", CaughtUp = new CaughtUp() }, Says.Event(2))(request, stream, context);
        };
        await using var edge = await RunningEdge.StartAsync(node.Address);
        await using var events = await EventStream.OpenAsync(edge, "/v1/jobs/j:watch");

        var names = new List<string>();
        while (await events.NextAsync() is { } item)
            names.Add($"{item.EventId} {item.EventType}");

        Assert.Equal(["c1 execution_update", "c1 caught_up", "c2 execution_update"], names);
    }

    [Fact]
    public async Task A_stream_that_the_node_resets_goes_on()
    {
        await using var node = await ScriptedNode.StartAsync();
        var calls = 0;
        node.Watch = async (request, stream, context) =>
        {
            var call = Interlocked.Increment(ref calls);
            var next = request.Start is { ResumeCursor: { Length: > 0 } cursor } ? int.Parse(cursor[1..], CultureInfo.InvariantCulture) + 1 : 1;
            await Says.SayAsync(stream, context, Says.Event(next));
            if (call == 1)
                throw new RpcException(new Status(StatusCode.Cancelled, "reset"));
            if (call == 2)
                context.GetHttpContext().Abort();
        };
        await using var edge = await RunningEdge.StartAsync(node.Address);
        await using var events = await EventStream.OpenAsync(edge, "/v1/jobs/j:watch");

        var names = new List<string>();
        while (await events.NextAsync() is { } item)
            names.Add($"{item.EventId} {item.EventType} {(item.EventType == "error" ? item.Data : "")}");

        // What was on its way when the connection was cut may have come or not; what came, came once and in order.
        Assert.Equal(3, calls);
        Assert.Equal(Enumerable.Range(1, names.Count).Select(position => $"c{position} execution_update "), names);
    }

    [Fact]
    public async Task A_watch_of_many_jobs_goes_on_by_its_cursor_too()
    {
        await using var node = await ScriptedNode.StartAsync();
        var calls = 0;
        node.WatchMany = async (request, stream, context) =>
        {
            if (Interlocked.Increment(ref calls) == 1)
            {
                await stream.WriteAsync(new WatchJobsResponse { Cursor = "m1", Event = new ExecutionEvent { JobId = "a", Position = 5 } });
                await stream.WriteAsync(new WatchJobsResponse { Cursor = "m2", Event = new ExecutionEvent { JobId = "b", Position = 1 } });
                throw Refusals.Of(StatusCode.Unavailable, "STORE_UNAVAILABLE", TimeSpan.FromMilliseconds(1));
            }

            await stream.WriteAsync(new WatchJobsResponse { Cursor = $"after {request.Start.ResumeCursor}", Event = new ExecutionEvent { JobId = "a", Position = 6 } });
        };
        await using var edge = await RunningEdge.StartAsync(node.Address);
        await using var events = await EventStream.OpenAsync(edge, "/v1/jobs:watch");

        var ids = new List<string?>();
        while (await events.NextAsync() is { } item)
            ids.Add(item.EventId);

        Assert.Equal(["m1", "m2", "after m2"], ids);
    }

    [Fact]
    public async Task When_the_patience_is_used_up_the_reader_is_told()
    {
        await using var node = await ScriptedNode.StartAsync();
        node.Watch = Says.ThenWaits(Says.Event(1));
        await using var edge = await RunningEdge.StartAsync(node.Address, settings: "--Edge:ResumeFor=00:00:00.500");
        await using var events = await EventStream.OpenAsync(edge, "/v1/jobs/j:watch");
        await events.NextAsync();

        await node.DownAsync();
        var error = await events.NextAsync();

        Assert.Equal("error", error?.EventType);
        Assert.Equal("NODE_UNAVAILABLE", ProblemAnswer.Of(error!.Value.Data, HttpStatusCode.ServiceUnavailable).Code);
        Assert.Equal("c1", events.LastEventId);
        Assert.Null(await events.NextAsync());
    }

    [Fact]
    public async Task An_edge_that_stops_says_draining_with_its_cursor_and_ends()
    {
        await using var node = await ScriptedNode.StartAsync();
        node.Watch = Says.ThenWaits(Says.Events(1, 2));
        await using var edge = await RunningEdge.StartAsync(node.Address);
        await using var events = await EventStream.OpenAsync(edge, "/v1/jobs/j:watch");
        using var answer = await edge.GetAsync("/v1/jobs/j:watch");
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        for (var position = 1; position <= 2; position++)
        {
            await events.NextAsync();
            await lines.ReadLineAsync(TestContext.Current.CancellationToken);
        }

        await edge.StopAsync().WaitAsync(TimeSpan.FromSeconds(8), TestContext.Current.CancellationToken);

        var farewell = await events.NextAsync();
        Assert.Equal(("draining", "c2"), (farewell?.EventType, farewell?.EventId));
        Assert.Matches("^\\{\"retryDelay\":\"[0-9.]+s\"\\}$", farewell?.Data);
        Assert.Null(await events.NextAsync());
        var last = await lines.ReadLineAsync(TestContext.Current.CancellationToken);
        Assert.Matches("^\\{\"cursor\":\"c2\",\"draining\":\\{\"retryDelay\":\"[0-9.]+s\"\\}\\}$", last);
        Assert.Null(await lines.ReadLineAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_edge_that_stops_before_any_event_says_where_the_stream_started()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var edge = await RunningEdge.StartAsync(node.Address);
        await using var events = await EventStream.OpenAsync(edge, "/v1/jobs/j:watch?start.beginning=true");

        await edge.StopAsync();

        Assert.Equal("c0", (await events.NextAsync())?.EventId);
    }
}
