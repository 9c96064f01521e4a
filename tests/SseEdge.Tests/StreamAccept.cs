using Jobwatch.SseEdge.Tests.Peer;

namespace Jobwatch.SseEdge.Tests;

public sealed class StreamAccept
{
    [Theory]
    [InlineData(null, "application/x-ndjson")]
    [InlineData("*/*", "application/x-ndjson")]
    [InlineData("application/json", "application/x-ndjson")]
    [InlineData("text/*", "application/x-ndjson")]
    [InlineData("text/event-stream;q=0, */*", "application/x-ndjson")]
    [InlineData("not a media type", "application/x-ndjson")]
    [InlineData("text/event-stream", "text/event-stream")]
    [InlineData("Text/Event-Stream", "text/event-stream")]
    [InlineData("application/json, text/event-stream;q=0.5", "text/event-stream")]
    [InlineData("text/event-stream, */*", "text/event-stream")]
    public async Task Events_are_for_those_who_name_them(string? accept, string expected)
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var edge = await RunningEdge.StartAsync(node.Address);

        using var answer = await edge.GetAsync("/v1/jobs/j:watch", accept is null ? [] : [("Accept", accept)]);

        Assert.Equal(expected, answer.Content.Headers.ContentType?.ToString());
        Assert.Equal(["Accept"], answer.Headers.Vary);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("*/*")]
    [InlineData("application/json")]
    public async Task The_seeds_route_always_speaks_events(string? accept)
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var edge = await RunningEdge.StartAsync(node.Address);

        using var answer = await edge.GetAsync("/api/v1/realtime/reconciliations/j", accept is null ? [] : [("Accept", accept)]);

        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.ToString());
    }
}
