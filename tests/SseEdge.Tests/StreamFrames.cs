using System.Text.Json;
using Jobwatch.SseEdge.Tests.Peer;
using Jobwatch.V1;

namespace Jobwatch.SseEdge.Tests;

public sealed class StreamFrames
{
    [Fact]
    public async Task An_event_is_an_execution_update_with_its_cursor_as_id()
    {
        await using var node = await ScriptedNode.StartAsync();
        node.Watch = async (_, stream, context) =>
        {
            await context.WriteResponseHeadersAsync(ScriptedNode.Accepted("c0"));
            await stream.WriteAsync(new WatchJobResponse
            {
                Cursor = "c1",
                Event = new ExecutionEvent { JobId = "j", Position = 9007199254740993, LogWritten = new LogWritten { Text = "one\ntwo – é" } },
            });
            await ScriptedNode.Forever(context.CancellationToken);
        };
        await using var edge = await RunningEdge.StartAsync(node.Address);
        await using var events = await EventStream.OpenAsync(edge, "/v1/jobs/j:watch");

        var item = await events.NextAsync();

        Assert.Equal("execution_update", item?.EventType);
        Assert.Equal("c1", events.LastEventId);
        using var json = JsonDocument.Parse(item!.Value.Data);
        Assert.Equal(9007199254740993, json.RootElement.GetProperty("position").GetInt64());
        Assert.Equal("one\ntwo – é", json.RootElement.GetProperty("logWritten").GetProperty("text").GetString());
        Assert.Equal("text/event-stream", events.Response.Content.Headers.ContentType?.ToString());
        Assert.Equal(["c0"], events.Response.Headers.GetValues("Jobwatch-Last-Event-Id"));
    }
}
