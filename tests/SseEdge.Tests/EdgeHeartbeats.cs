using System.Net.ServerSentEvents;
using Jobwatch.SseEdge.Tests.Peer;
using Jobwatch.Testing;
using Jobwatch.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Jobwatch.SseEdge.Tests;

/// <summary>An edge whose node has fallen silent, as one that was stopped or cut off.</summary>
public sealed class EdgeHeartbeats : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private ScriptedNode _node = null!;
    private RunningEdge _edge = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await ScriptedNode.StartAsync();
        _edge = await RunningEdge.StartAsync(_node.Address, builder => builder.Services.AddSingleton<TimeProvider>(_time), "--Edge:ResumeFor=00:30:00");
    }

    public async ValueTask DisposeAsync()
    {
        await _edge.DisposeAsync();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task A_reader_gets_heartbeats_from_the_edge()
    {
        _node.Watch = Says.ThenWaits(Says.Event(1));
        await using var events = await EventStream.OpenAsync(_edge, "/v1/jobs/j:watch?start.beginning=true");
        Assert.Equal("c1", (await events.NextAsync())?.EventId);

        for (var beat = 0; beat < 2; beat++)
            AssertHeartbeat("c1", await InTimeAsync(events.NextAsync()));
    }

    [Fact]
    public async Task They_come_while_the_node_is_away_and_the_reader_misses_nothing()
    {
        var log = new ScriptedLog();
        log.Append(1);
        _node.Watch = log.WatchAsync;
        await using var events = await LiveAsync();
        await _node.DownAsync();
        AssertHeartbeat("c1", await InTimeAsync(events.NextAsync()));
        log.Append(1);
        await _node.UpAsync();

        var next = await InTimeAsync(events.NextAsync());
        while (next?.EventType == "heartbeat")
            next = await InTimeAsync(events.NextAsync());
        Assert.Equal(("c2", "execution_update"), (next?.EventId, next?.EventType));
    }

    [Fact]
    public async Task So_does_one_who_reads_lines()
    {
        _node.Watch = Says.ThenWaits(Says.Event(1));
        using var answer = await _edge.GetAsync("/v1/jobs/j:watch?start.beginning=true");
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        await lines.ReadLineAsync(TestContext.Current.CancellationToken);

        var line = await InTimeAsync(lines.ReadLineAsync(TestContext.Current.CancellationToken).AsTask());

        Assert.Equal("""{"cursor":"c1","heartbeat":{}}""", line);
    }

    [Fact]
    public async Task So_does_one_of_many_jobs_and_one_of_a_replay()
    {
        _node.WatchMany = async (_, stream, context) =>
        {
            await stream.WriteAsync(new WatchJobsResponse { Cursor = "m1", CaughtUp = new CaughtUp() });
            await ScriptedNode.Forever(context.CancellationToken);
        };
        _node.Replay = async (_, stream, context) =>
        {
            await stream.WriteAsync(new ReplayExecutionResponse { Cursor = "r1", CaughtUp = new CaughtUp() });
            await ScriptedNode.Forever(context.CancellationToken);
        };
        foreach (var (path, cursor) in new[] { ("/v1/jobs:watch", "m1"), ("/v1/jobs/j/executions/e:replay", "r1") })
        {
            await using var events = await EventStream.OpenAsync(_edge, path);
            Assert.Equal((cursor, "caught_up"), (await events.NextAsync()) is { } first ? (first.EventId, first.EventType) : default);
            AssertHeartbeat(cursor, await InTimeAsync(events.NextAsync()));
        }
    }

    [Fact]
    public async Task Those_who_share_a_stream_get_each_once_and_then_what_the_node_says()
    {
        var log = new ScriptedLog();
        log.Append(1);
        _node.Watch = log.WatchAsync;
        await using var first = await LiveAsync();
        await using var second = await LiveAsync();
        await Eventually.TrueAsync(() => log.Active == 1, TimeSpan.FromSeconds(10), "one call at the node");

        var (beat, other) = (first.NextAsync(), second.NextAsync());
        AssertHeartbeat("c1", await InTimeAsync(beat));
        AssertHeartbeat("c1", await other);
        log.Append(1);

        foreach (var watcher in new[] { first, second })
            Assert.Equal(("c2", "execution_update"), (await watcher.NextAsync()) is { } item ? (item.EventId, item.EventType) : default);
    }

    [Theory]
    [InlineData("/v1/jobs/j:watch?start.beginning=true")]
    [InlineData("/v1/jobs/j:watch?last_event_id=c0")]
    [InlineData("/v1/jobs/j:watch?last_event_id=c0&start.latest=true")]
    // Its cursor says of each job whether the snapshot is yet to come.
    [InlineData("/v1/jobs:watch")]
    public async Task Before_the_first_message_they_stand_where_the_stream_starts(string path)
    {
        _node.WatchMany = async (_, _, context) =>
        {
            await context.WriteResponseHeadersAsync(ScriptedNode.Accepted("c0"));
            await ScriptedNode.Forever(context.CancellationToken);
        };
        await using var events = await EventStream.OpenAsync(_edge, path);

        AssertHeartbeat("c0", await InTimeAsync(events.NextAsync()));
    }

    [Theory]
    [InlineData("/v1/jobs/j:watch")]
    [InlineData("/v1/jobs/j:watch?start.latest=true")]
    public async Task None_comes_before_the_snapshot_that_a_stream_begins_with(string path)
    {
        var speak = new TaskCompletionSource();
        _node.Watch = async (request, stream, context) =>
        {
            await context.WriteResponseHeadersAsync(ScriptedNode.Accepted("c0"));
            if (request.JobId == "other")
                await ScriptedNode.Forever(context.CancellationToken);
            await speak.Task;
            await stream.WriteAsync(new WatchJobResponse { Cursor = "c0", Snapshot = new Snapshot() });
        };
        await using var events = await EventStream.OpenAsync(_edge, path);
        // Twice as long as it takes another one, which opened later.
        await using var later = await EventStream.OpenAsync(_edge, "/v1/jobs/other:watch?start.beginning=true");
        AssertHeartbeat("c0", await InTimeAsync(later.NextAsync()));
        AssertHeartbeat("c0", await InTimeAsync(later.NextAsync()));
        speak.SetResult();

        Assert.Equal(("c0", "snapshot"), (await events.NextAsync()) is { } first ? (first.EventId, first.EventType) : default);
    }

    private static void AssertHeartbeat(string cursor, SseItem<string>? item) =>
        Assert.Equal((cursor, "heartbeat", "{}"), (item?.EventId, item?.EventType, item?.Data));

    private async Task<EventStream> LiveAsync()
    {
        var watcher = await EventStream.OpenAsync(_edge, "/v1/jobs/j:watch?start.latest=true");
        Assert.Equal("caught_up", (await watcher.NextAsync())?.EventType);
        return watcher;
    }

    // Second by second: the edge may begin to wait only after some have passed.
    private async Task<T> InTimeAsync<T>(Task<T> next)
    {
        await Eventually.TrueAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return next.IsCompleted;
            },
            TimeSpan.FromSeconds(20),
            "a message");
        return await next;
    }
}
