using Jobwatch.SseEdge.Tests.Peer;
using Jobwatch.Testing;

namespace Jobwatch.SseEdge.Tests;

/// <summary>Against an edge in a process of its own: the meters of a process are one set, whichever host in it made them.</summary>
public sealed class StreamMetrics
{
    [Fact]
    public async Task The_streams_metrics_are_there_from_the_start_and_count()
    {
        await using var node = await ScriptedNode.StartAsync();
        node.Watch = Says.ThenWaits(Says.Events(1, 3));
        await using var edge = new EdgeProcess(new Uri(node.Address));
        await edge.StartAsync();
        using var http = new HttpClient { BaseAddress = edge.Address };
        foreach (var name in new[] { "sse_connections_active", "sse_updates_sent_total", "sse_reconnections_total", "sse_errors_total" })
            Assert.Equal(0, await MetricAsync(http, name, "sse"));

        await using (var events = await EventStream.OpenAsync(http, "/v1/jobs/j:watch", "c0"))
        {
            for (var position = 1; position <= 3; position++)
                await events.NextAsync();
            await MetricComesTo(http, "sse_connections_active", 1);
        }

        await MetricComesTo(http, "sse_connections_active", 0);
        node.Watch = (_, _, _) => throw Refusals.Of(Grpc.Core.StatusCode.NotFound, "JOB_NOT_FOUND");
        await using (await EventStream.OpenAsync(http, "/v1/jobs/j:watch"))
        {
        }

        await MetricComesTo(http, "sse_errors_total", 1);
        Assert.Equal(3, await MetricAsync(http, "sse_updates_sent_total", "sse"));
        Assert.Equal(1, await MetricAsync(http, "sse_reconnections_total", "sse"));
        Assert.Equal(0, await MetricAsync(http, "sse_updates_sent_total", "ndjson"));
    }

    [Fact]
    public async Task No_metric_grows_with_jobs()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var edge = new EdgeProcess(new Uri(node.Address));
        await edge.StartAsync();
        using var http = new HttpClient { BaseAddress = edge.Address };

        foreach (var job in new[] { "one-job", "another-job" })
            (await http.GetAsync(new Uri($"/v1/jobs/{job}", UriKind.Relative), TestContext.Current.CancellationToken)).Dispose();

        Assert.DoesNotContain("-job", await http.GetStringAsync("/metrics", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static Task MetricComesTo(HttpClient http, string name, long value) => Eventually.TrueAsync(
        async _ => await MetricAsync(http, name, "sse") == value, TimeSpan.FromSeconds(10), $"{name} comes to {value}");

    private static async Task<long> MetricAsync(HttpClient http, string name, string framing)
    {
        var text = await http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        var line = text.Split('\n').Single(line =>
            line.StartsWith(name + "{", StringComparison.Ordinal) && line.Contains($"framing=\"{framing}\"", StringComparison.Ordinal));
        return long.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
