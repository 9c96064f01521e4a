using System.Text;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Jobwatch.SseEdge.Tests.Peer;
using Jobwatch.V1;

namespace Jobwatch.SseEdge.Tests;

public sealed class StreamFrames
{
    [Fact]
    public async Task An_event_is_an_execution_update_with_its_cursor_as_id()
    {
        await using var node = await ScriptedNode.StartAsync();
        var said = Says.Event(1, "one\r\ntwo – é \u2028 \"3\"");
        said.Event.Position = 9007199254740993;
        node.Watch = Says.ThenWaits(said);
        await using var edge = await RunningEdge.StartAsync(node.Address);
        await using var events = await EventStream.OpenAsync(edge, "/v1/jobs/j:watch");

        var item = await events.NextAsync();

        Assert.Equal("execution_update", item?.EventType);
        Assert.Equal("c1", events.LastEventId);
        using var json = JsonDocument.Parse(item!.Value.Data);
        Assert.Equal(9007199254740993, json.RootElement.GetProperty("position").GetInt64());
        Assert.Equal("one\r\ntwo – é \u2028 \"3\"", json.RootElement.GetProperty("logWritten").GetProperty("text").GetString());
    }

    [Fact]
    public async Task Every_other_message_is_an_event_of_its_own_name_with_what_it_says()
    {
        await using var node = await ScriptedNode.StartAsync();
        node.Watch = Says.ThenWaits(
            new WatchJobResponse { Cursor = "a", Snapshot = new Snapshot { Job = new Job { JobId = "j", LastPosition = 7 } } },
            new WatchJobResponse { Cursor = "b", CaughtUp = new CaughtUp() },
            new WatchJobResponse { Cursor = "c", Heartbeat = new Heartbeat() },
            new WatchJobResponse { Cursor = "d", Gap = new Gap { FirstPosition = 1, LastPosition = 3, Reason = "truncated" } },
            new WatchJobResponse { Cursor = "e", Conflated = new Conflated { Count = 4 } },
            new WatchJobResponse { Cursor = "f", ExecutionEnded = new ExecutionEnded { ExecutionId = "x", Status = ExecutionStatus.Failed, Position = 9 } });
        await using var edge = await RunningEdge.StartAsync(node.Address);
        await using var events = await EventStream.OpenAsync(edge, "/v1/jobs/j:watch");

        var seen = new List<string>();
        while (seen.Count < 6 && await events.NextAsync() is { } item)
            seen.Add($"{item.EventId} {item.EventType} {item.Data}");

        Assert.StartsWith("a snapshot {\"job\":{\"jobId\":\"j\",\"lastPosition\":7,", seen[0], StringComparison.Ordinal);
        Assert.Equal(
            [
                "b caught_up {}",
                "c heartbeat {}",
                "d gap {\"firstPosition\":1,\"lastPosition\":3,\"reason\":\"truncated\"}",
                "e conflated {\"count\":4}",
                "f execution_ended {\"executionId\":\"x\",\"status\":\"EXECUTION_STATUS_FAILED\",\"position\":9}",
            ],
            seen[1..]);
    }

    [Fact]
    public async Task Frames_have_this_form_to_the_byte_and_retry_comes_once_at_the_start()
    {
        await using var node = await ScriptedNode.StartAsync();
        node.Watch = Says.ThenEnds(
            new WatchJobResponse { Cursor = "c1", Heartbeat = new Heartbeat() },
            new WatchJobResponse { Heartbeat = new Heartbeat() },
            new WatchJobResponse { Cursor = "c2", Conflated = new Conflated() });
        await using var edge = await RunningEdge.StartAsync(node.Address, settings: "--Edge:RetryInterval=00:00:04");
        using var answer = await edge.GetAsync("/v1/jobs/j:watch", ("Accept", "text/event-stream"));

        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        var (retry, frames) = (text[..text.IndexOf("\n\n", StringComparison.Ordinal)], text[(text.IndexOf("\n\n", StringComparison.Ordinal) + 2)..]);
        Assert.Matches("^retry: [2-5][0-9]{3}$", retry);
        Assert.Equal(
            "id: c1\nevent: heartbeat\ndata: {}\n\nevent: heartbeat\ndata: {}\n\nid: c2\nevent: conflated\ndata: {\"count\":0}\n\n", frames);
    }

    [Fact]
    public async Task An_event_has_the_same_bytes_in_both_framings_and_in_ListEvents()
    {
        await using var node = await ScriptedNode.StartAsync();
        var said = Says.Event(1, "äöü 漢字 😀 <b>&'\"\\ \u0001 \u2028");
        said.Event.SummaryUpdated = new SummaryUpdated { Summary = Struct.Parser.ParseJson("""{"rows": 1.5, "deep": {"list": [1, null, true, "é"]}}""") };
        node.Watch = Says.ThenEnds(said);
        node.ListEvents = (_, _) => Task.FromResult(new ListEventsResponse { Events = { said.Event }, NextPageToken = "n" });
        await using var edge = await RunningEdge.StartAsync(node.Address);

        await using var events = await EventStream.OpenAsync(edge, "/v1/jobs/j:watch");
        var data = (await events.NextAsync())!.Value.Data;
        using var lines = await edge.GetAsync("/v1/jobs/j:watch");
        using var list = await edge.GetAsync("/v1/jobs/j/events");

        Assert.Equal($"{{\"cursor\":\"c1\",\"event\":{data}}}\n", await TextAsync(lines));
        Assert.Equal($"{{\"events\":[{data}],\"nextPageToken\":\"n\"}}", await TextAsync(list));
    }

    [Fact]
    public async Task A_lone_frame_goes_out_at_once()
    {
        await using var node = await ScriptedNode.StartAsync();
        var next = new SemaphoreSlim(0);
        node.Watch = async (_, stream, context) =>
        {
            await context.WriteResponseHeadersAsync(ScriptedNode.Accepted("c0"));
            for (var position = 1; ; position++)
            {
                await next.WaitAsync(context.CancellationToken);
                await stream.WriteAsync(Says.Event(position));
            }
        };
        await using var edge = await RunningEdge.StartAsync(node.Address);
        await using var events = await EventStream.OpenAsync(edge, "/v1/jobs/j:watch");

        // Each is said only after the one before was received: a frame that waited for company would never come.
        for (var position = 1; position <= 50; position++)
        {
            next.Release();
            await events.NextAsync();
            Assert.Equal($"c{position}", events.LastEventId);
        }
    }

    [Fact]
    public async Task A_burst_arrives_whole_and_in_order()
    {
        await using var node = await ScriptedNode.StartAsync();
        node.Watch = Says.ThenEnds([.. Enumerable.Range(1, 20_000).Select(n => Says.Event(n, new string('x', n % 400)))]);
        await using var edge = await RunningEdge.StartAsync(node.Address);
        await using var events = await EventStream.OpenAsync(edge, "/v1/jobs/j:watch");

        for (var position = 1; position <= 20_000; position++)
            Assert.Equal($"c{position}", (await events.NextAsync())?.EventId);
        Assert.Null(await events.NextAsync());
    }

    private static async Task<string> TextAsync(HttpResponseMessage response) =>
        Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
}
