using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Jobwatch.Testing;

namespace Jobwatch.SseEdge.Tests.RealNode;

/// <summary>Watchers who asked for fewer updates, over server-sent events from a real node.</summary>
public sealed class ThinnedOut
{
    private const int Rounds = 8;
    private const int BatchesOfARound = 10;

    // All of them may be left out for newer ones.
    private const string Batch = """
        {"events": [
          {"executionId": "a", "progressReported": {"done": 1}}, {"executionId": "a", "logWritten": {"text": "one"}},
          {"executionId": "b", "progressReported": {"done": 1}}, {"executionId": "b", "logWritten": {"text": "one"}},
          {"executionId": "a", "progressReported": {"done": 2}}, {"executionId": "a", "logWritten": {"text": "two"}},
          {"executionId": "b", "progressReported": {"done": 2}}, {"executionId": "b", "logWritten": {"text": "two"}}]}
        """;

    private const string Begin = """{"events": [{"executionId": "a", "executionStarted": {}}, {"executionId": "b", "executionStarted": {}}]}""";
    private const string End = """{"events": [{"executionId": "a", "executionSucceeded": {}}, {"executionId": "b", "executionSucceeded": {}}]}""";
    private const string Error = """{"events": [{"executionId": "b", "errorRaised": {"code": "E"}}]}""";

    [Fact]
    public async Task Each_watcher_has_every_event_sent_or_counted_though_they_share_a_stream_that_they_joined_midway()
    {
        await using var node = new NodeProcess(await PostgresCluster.Shared.CreateDatabaseAsync());
        await node.StartAsync();
        await using var edge = await RunningEdge.StartAsync(node.Address.ToString());
        await AppendAsync(edge, Begin);
        var watchers = new List<EventStream>();
        var readings = new List<Task<(int Sent, long LeftOut)>>();
        for (var round = 0; round < Rounds; round++)
        {
            watchers.Add(await EventStream.OpenAsync(edge, "/v1/jobs/j:watch?start.beginning=true&max_updates_per_second=20"));
            readings.Add(ReadAsync(watchers[^1]));
            for (var batch = 0; batch < BatchesOfARound; batch++)
                await AppendAsync(edge, Batch);
            await AppendAsync(edge, Error);
        }

        await Eventually.TrueAsync(
            async stop =>
            {
                await AppendAsync(edge, Error);
                using var http = new HttpClient();
                var metrics = await http.GetStringAsync(new Uri(node.MonitoringAddress, "metrics"), stop);
                return Regex.IsMatch(metrics, "^watch_active(\\{[^}]*\\})? 1( |$)", RegexOptions.Multiline);
            },
            TimeSpan.FromSeconds(20), "all share one stream");
        await AppendAsync(edge, Batch);
        var last = await AppendAsync(edge, End);

        foreach (var (sent, leftOut) in await Task.WhenAll(readings))
        {
            Assert.Equal(last, sent + leftOut);
            Assert.True(leftOut > 0);
        }

        foreach (var watcher in watchers)
            await watcher.DisposeAsync();
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1001")]
    public async Task A_rate_out_of_range_is_refused_by_its_name(string rate)
    {
        await using var node = new NodeProcess(await PostgresCluster.Shared.CreateDatabaseAsync());
        await node.StartAsync();
        await using var edge = await RunningEdge.StartAsync(node.Address.ToString());
        using var answer = await edge.GetAsync($"/v1/jobs/j:watch?max_updates_per_second={rate}");

        var problem = await ProblemAnswer.OfAsync(answer, HttpStatusCode.BadRequest);
        Assert.Equal($"it is {rate}; it has to be 1 to 1000, or 0 for every event.", problem.ErrorOf("max_updates_per_second"));
    }

    private static async Task<long> AppendAsync(RunningEdge edge, string batch)
    {
        using var answer = await edge.PostAsync("/v1/jobs/j/events", batch);
        using var appended = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return appended.RootElement.GetProperty("positions").EnumerateArray().Last().GetInt64();
    }

    // Reads to the second end of an execution. What the positions step over has to be what was told before.
    private static async Task<(int Sent, long LeftOut)> ReadAsync(EventStream watcher)
    {
        var (sent, leftOut, told, position) = (0, 0L, 0L, 0L);
        for (var ended = 0; ended < 2;)
        {
            var item = await watcher.NextAsync();
            using var data = JsonDocument.Parse(item!.Value.Data);
            if (item.Value.EventType == "conflated")
            {
                Assert.Equal(0, told);
                told = data.RootElement.GetProperty("count").GetInt64();
                leftOut += told;
            }
            else if (item.Value.EventType == "execution_update")
            {
                var next = data.RootElement.GetProperty("position").GetInt64();
                Assert.Equal(next - position - 1, told);
                (position, told) = (next, 0);
                sent++;
                ended += data.RootElement.GetProperty("type").GetString() == "execution_succeeded" ? 1 : 0;
            }
        }

        return (sent, leftOut);
    }
}
