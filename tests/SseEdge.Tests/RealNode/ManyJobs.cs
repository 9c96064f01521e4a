using System.Net;
using System.Text.Json;

namespace Jobwatch.SseEdge.Tests.RealNode;

public sealed class ManyJobs(RealNodeFixture node)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_connection_follows_many_jobs_and_its_last_event_id_resumes_all_of_them()
    {
        await using var edge = await RunningEdge.StartAsync(node.Address);
        const string Path = "/v1/jobs:watch?labels=page%3Dmany&start.beginning=true";
        await AppendAsync(edge, "many-a", """{"executionStarted": {"labels": {"page": "many"}}}""");
        await AppendAsync(edge, "many-other", """{"executionStarted": {"labels": {"page": "other"}}}""");
        string last;
        await using (var first = await EventStream.OpenAsync(edge, Path))
        {
            Assert.Equal(["many-a 1", "caught_up"], await ToldAsync(first, 2));
            await AppendAsync(edge, "many-b", """{"executionStarted": {"labels": {"page": "many"}}}""");
            await AppendAsync(edge, "many-a", """{"executionSucceeded": {}}""");
            Assert.Equal(["execution_ended many-a", "many-a 2", "many-b 1"], (await ToldAsync(first, 3)).Order(StringComparer.Ordinal));
            last = first.LastEventId;
        }

        await AppendAsync(edge, "many-b", """{"executionSucceeded": {}}""");
        await AppendAsync(edge, "many-c", """{"executionQueued": {}}""", """{"executionStarted": {"labels": {"page": "many"}}}""");
        await using var second = await EventStream.OpenAsync(edge, Path, last);
        // It names the job that came meanwhile too, before its first event.
        Assert.StartsWith(last[..12], Assert.Single(second.Response.Headers.GetValues("Jobwatch-Last-Event-Id")), StringComparison.Ordinal);
        var rest = (await ToldAsync(second, 5)).Where(one => one != "caught_up").Order(StringComparer.Ordinal);
        Assert.Equal(["execution_ended many-b", "many-b 2", "many-c 1", "many-c 2"], rest);

        using var lines = await edge.GetAsync($"{Path}&last_event_id={last}");
        using var reader = new StreamReader(await lines.Content.ReadAsStreamAsync(Cancelled));
        Assert.Contains("\"jobId\":\"many-", await reader.ReadLineAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_thousand_jobs_with_the_longest_ids_are_resumed_by_header_and_by_query()
    {
        await using var edge = await RunningEdge.StartAsync(node.Address);
        string[] jobs = [.. Enumerable.Range(0, 1000).Select(i => $"thousand-{new string('x', 49)}-{i:d4}")];
        Assert.Equal(63, jobs[0].Length);
        await Parallel.ForEachAsync(
            jobs, new ParallelOptions { MaxDegreeOfParallelism = 50, CancellationToken = Cancelled },
            async (job, _) => await AppendAsync(edge, job, """{"executionStarted": {}}"""));
        var path = $"/v1/jobs:watch?{string.Join('&', jobs.Select(job => $"job_ids={job}"))}";
        string last;
        await using (var first = await EventStream.OpenAsync(edge, path))
        {
            // Longer than what may be in a header.
            Assert.False(first.Response.Headers.Contains("Jobwatch-Last-Event-Id"));
            Assert.Equal("heartbeat", (await first.NextAsync())?.EventType);
            await ToldAsync(first, 1001);
            last = first.LastEventId;
        }

        Assert.InRange(last.Length, 12_000, 22_684);
        await AppendAsync(edge, jobs[500], """{"executionSucceeded": {}}""");
        foreach (var (query, header) in new[] { (path, last), ($"{path}&last_event_id={last}", null) })
        {
            await using var second = await EventStream.OpenAsync(edge, query, header);
            Assert.Equal(HttpStatusCode.OK, second.Response.StatusCode);
            Assert.Contains($"{jobs[500]} 2", await ToldAsync(second, 2));
        }
    }

    // Without heartbeats; «job position» of an event, «name job» of what is about one, else the name.
    private static async Task<List<string>> ToldAsync(EventStream events, int count)
    {
        var told = new List<string>();
        while (told.Count < count)
        {
            var item = (await events.NextAsync())!.Value;
            var data = JsonElement.Parse(item.Data);
            var job = data.TryGetProperty("jobId", out var named) ? named.GetString() : null;
            if (item.EventType != "heartbeat")
                told.Add(item.EventType == "execution_update" ? $"{job} {data.GetProperty("position")}" : $"{item.EventType} {job}".TrimEnd());
        }

        return told;
    }

    private static async Task AppendAsync(RunningEdge edge, string job, params string[] payloads)
    {
        var events = payloads.Select(payload => $$"""{"executionId": "e", {{payload[1..]}}""");
        using var answer = await edge.PostAsync($"/v1/jobs/{job}/events", $"{{\"events\": [{string.Join(',', events)}]}}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
