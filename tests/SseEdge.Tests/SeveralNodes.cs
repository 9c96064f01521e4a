using System.Net;
using Grpc.Health.V1;
using Jobwatch.SseEdge.Tests.Peer;
using Jobwatch.Testing;

namespace Jobwatch.SseEdge.Tests;

/// <summary>An edge in front of two nodes.</summary>
public sealed class SeveralNodes : IAsyncLifetime
{
    private readonly ScriptedLog[] _logs = [new(), new()];
    private readonly List<ScriptedNode> _nodes = [];
    private RunningEdge _edge = null!;

    public async ValueTask InitializeAsync()
    {
        foreach (var log in _logs)
        {
            var node = await ScriptedNode.StartAsync();
            node.Watch = log.WatchAsync;
            _nodes.Add(node);
        }

        _edge = await RunningEdge.StartAsync(string.Join(';', _nodes.Select(node => node.Address)));
    }

    public async ValueTask DisposeAsync()
    {
        await _edge.DisposeAsync();
        foreach (var node in _nodes)
            await node.DisposeAsync();
    }

    [Fact]
    public async Task Streams_are_spread_over_the_nodes()
    {
        await ConnectedAsync();
        var streams = await Task.WhenAll(Enumerable.Range(2, 20).Select(OpenAsync));

        Assert.All(_logs, log => Assert.InRange(log.Active, 8, 13));
        foreach (var stream in streams)
            await stream.DisposeAsync();
    }

    [Fact]
    public async Task A_stream_goes_on_at_the_other_node_and_its_reader_sees_nothing_of_it()
    {
        foreach (var log in _logs)
            log.Append(1);
        await using var stream = await EventStream.OpenAsync(_edge, "/v1/jobs/j:watch");
        Assert.Equal("caught_up", (await stream.NextAsync())?.EventType);
        var (gone, other) = _logs[0].Active > 0 ? (0, 1) : (1, 0);

        await _nodes[gone].DownAsync();
        _logs[other].Append(1);

        Assert.Equal("c2", (await stream.NextAsync())?.EventId);
        Assert.Equal(["c1"], _logs[other].Resumed);
    }

    [Fact]
    public async Task A_reader_is_not_refused_because_one_node_is_leaving()
    {
        await ConnectedAsync();
        _nodes[0].Watch = (_, _, _) => throw Refusals.Of(Grpc.Core.StatusCode.Unavailable, "DRAINING");
        _nodes[0].GetJob = (_, _) => throw Refusals.Of(Grpc.Core.StatusCode.Unavailable, "DRAINING");
        for (var i = 0; i < 10; i++)
        {
            await using var stream = await OpenAsync(i);
            Assert.Equal(HttpStatusCode.OK, stream.Response.StatusCode);
            using var job = await _edge.GetAsync("/v1/jobs/j");
            Assert.Equal(HttpStatusCode.OK, job.StatusCode);
        }
    }

    [Fact]
    public async Task It_is_ready_while_one_of_them_serves()
    {
        await ReadyComesToAsync(HttpStatusCode.OK);
        _nodes[0].Health = HealthCheckResponse.Types.ServingStatus.NotServing;
        await StaysReadyAsync();
        await _nodes[0].DownAsync();
        await StaysReadyAsync();
        _nodes[1].Health = HealthCheckResponse.Types.ServingStatus.NotServing;
        await ReadyComesToAsync(HttpStatusCode.ServiceUnavailable);
    }

    [Theory]
    [InlineData("/v1/jobs")]
    [InlineData("/v1/jobs/j:watch")]
    public async Task With_no_node_left_a_request_is_refused_at_once(string path)
    {
        await ConnectedAsync();
        await _nodes[1].DownAsync();
        await _nodes[0].DownAsync();
        await AssertRefusedAsync(_edge, path, TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData("/v1/jobs")]
    [InlineData("/v1/jobs/j:watch")]
    public async Task That_no_node_was_reached_in_time_is_no_late_answer(string path)
    {
        using var silent = new SilentPort();
        using var other = new SilentPort();
        await using var edge = await RunningEdge.StartAsync($"{silent.Address};{other.Address}", settings: "--Edge:CallTimeout=00:00:00.300");
        await AssertRefusedAsync(edge, path, TimeSpan.FromSeconds(10));
    }

    private static async Task AssertRefusedAsync(RunningEdge edge, string path, TimeSpan within)
    {
        using var answer = await edge.GetAsync(path).WaitAsync(within);
        Assert.Equal("NODE_UNAVAILABLE", (await ProblemAnswer.OfAsync(answer, HttpStatusCode.ServiceUnavailable)).Code);
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    private Task ConnectedAsync()
    {
        var seen = new HashSet<ScriptedLog>();
        return Eventually.TrueAsync(
            async _ =>
            {
                await using var stream = await OpenAsync(0);
                seen.UnionWith(_logs.Where(log => log.Active > 0));
                return seen.Count == _logs.Length;
            },
            TimeSpan.FromSeconds(10), "both are connected");
    }

    private Task<EventStream> OpenAsync(int job) => EventStream.OpenAsync(_edge, $"/v1/jobs/j{job}:watch");

    private Task ReadyComesToAsync(HttpStatusCode expected) => Eventually.TrueAsync(
        async _ => await ReadyAsync() == expected, TimeSpan.FromSeconds(20), $"ready comes to {expected}");

    // Over two questions to the nodes: an answer is kept for a second.
    private async Task StaysReadyAsync()
    {
        var since = System.Diagnostics.Stopwatch.StartNew();
        await Eventually.TrueAsync(
            async _ =>
            {
                Assert.Equal(HttpStatusCode.OK, await ReadyAsync());
                return since.Elapsed > TimeSpan.FromSeconds(2.5);
            },
            TimeSpan.FromSeconds(20), "time passes");
    }

    private async Task<HttpStatusCode> ReadyAsync()
    {
        using var answer = await _edge.GetAsync("/readyz");
        return answer.StatusCode;
    }
}
