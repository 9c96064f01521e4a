using System.Globalization;
using Jobwatch.EndToEnd.Tests.Deployments;
using Jobwatch.Testing;
using Jobwatch.Testing.Producing;
using Jobwatch.Testing.Watching;
using Xunit;

namespace Jobwatch.EndToEnd.Tests.Nodes;

/// <summary>Producers at two nodes that append to the same jobs.</summary>
public sealed class SharedJobsTests(ITestOutputHelper output)
{
    private const int Rounds = 60;
    private const int ProducersOfANode = 3;

    private static readonly string[] Jobs = ["job", "job-", "job--", "job.a"];

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public async Task Both_succeed_with_contiguous_positions_and_no_deadlock(string lanes)
    {
        await using var deployment = await Deployment.StartAsync(settings: ("Journal__CommitLanes", lanes));
        var other = await deployment.AddNodeAsync();
        var elsewhere = deployment.At(other);
        using var leave = new CancellationTokenSource();
        var tails = Jobs.Select(jobId => new Tail(deployment.Local.OverGrpc, jobId))
            .Concat(Jobs.Select(jobId => new Tail(elsewhere.OverGrpc, jobId))).ToList();
        var watching = tails.Select(tail => tail.ReadToTheEndAsync(leave.Token)).ToList();

        var producing = Enumerable.Range(0, ProducersOfANode)
            .SelectMany(i => new[] { ProduceAsync(deployment.Local, $"one-{i}", Jobs), ProduceAsync(elsewhere, $"other-{i}", [.. Jobs.Reverse()]) });
        var acknowledged = (await Task.WhenAll(producing)).SelectMany(all => all).ToLookup(one => one.JobId, one => one.Position);
        foreach (string jobId in Jobs)
            Assert.Equal(Enumerable.Range(1, acknowledged[jobId].Count()).Select(position => (long)position), acknowledged[jobId].Order());
        await Task.WhenAll(tails.Select((tail, i) => tail.ReachedAsync(acknowledged[Jobs[i % Jobs.Length]].Count())));
        await leave.CancelAsync();
        await Task.WhenAll(watching);

        // A deadlock is a commit that failed and was tried again.
        Assert.Equal(0, await FailuresAsync(deployment.Node) + await FailuresAsync(other));
        Assert.Equal("", deployment.Errors);
        output.WriteLine($"{acknowledged.Sum(job => job.Count())} events");
    }

    // A batch for each job at once, so that a commit holds several of them.
    private static async Task<List<(string JobId, long Position)>> ProduceAsync(Callers callers, string executionId, string[] jobs)
    {
        var workers = jobs.Select(jobId => new Worker(callers.Records, jobId, executionId)).ToList();
        var acknowledged = new List<(string JobId, long Position)>();
        for (int round = 0; round < Rounds; round++)
        {
            var answers = await Task.WhenAll(workers.Select(worker => round == 0 ? worker.StartAsync() : worker.LogAsync(lines: 2)));
            acknowledged.AddRange(answers.SelectMany((answer, i) => answer.Positions.Select(position => (workers[i].JobId, position))));
        }
        return acknowledged;
    }

    private static async Task<double> FailuresAsync(NodeProcess node)
    {
        using var http = new HttpClient();
        string metrics = await http.GetStringAsync(new Uri(node.MonitoringAddress, "metrics"));
        Assert.Contains("journal_appends_total", metrics, StringComparison.Ordinal);
        return metrics.Split('\n')
            .Where(line => line.StartsWith("journal_commit_failures_total", StringComparison.Ordinal))
            .Sum(line => double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));
    }
}
