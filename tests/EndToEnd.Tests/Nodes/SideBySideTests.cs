using Jobwatch.EndToEnd.Tests.Deployments;
using Jobwatch.Testing;
using Jobwatch.Testing.Producing;
using Jobwatch.Testing.Watching;
using Xunit;

namespace Jobwatch.EndToEnd.Tests.Nodes;

/// <summary>Producers at one node, watchers at another.</summary>
public sealed class SideBySideTests(ITestOutputHelper output)
{
    private const int Commits = 50;

    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(2);

    /// <summary>For a machine that is busy with other tests.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(3);

    [Theory]
    [InlineData("Postgres")]
    [InlineData("Redis")]
    public async Task What_one_node_commits_is_pushed_to_the_watchers_of_another(string transport)
    {
        await using var way = await HintWay.OpenAsync(transport);
        await using var deployment = await StartAsync(way);
        var elsewhere = deployment.At(await deployment.AddNodeAsync());
        using var leave = new CancellationTokenSource();
        List<Task> watching = [];

        // By the sweep alone each would take up to its two seconds, and one on average. Each job begins while it is awaited already.
        var longest = TimeSpan.Zero;
        for (int i = 0; i < 5; i++)
        {
            string jobId = $"job-{i}";
            var worker = new Worker(elsewhere.Records, jobId);
            List<Tail> tails = [new(deployment.Local.OverGrpc, jobId), new(deployment.Local.OverSse, jobId), new(deployment.Local.OverNdjson, jobId)];
            watching.AddRange(tails.Select(tail => tail.ReadToTheEndAsync(leave.Token)));
            await Eventually.TrueAsync(() => tails.All(tail => tail.Last?.CaughtUp is not null), Slack * 10, "the job is awaited");
            long begin = TimeProvider.System.GetTimestamp();
            await worker.StartAsync();
            await Task.WhenAll(tails.Select(tail => tail.ReachedAsync(1)));
            for (int commit = 0; commit < Commits / 5; commit++)
            {
                long position = (await worker.LogAsync()).Positions[0];
                await Task.WhenAll(tails.Select(tail => tail.ReachedAsync(position)));
            }
            var each = TimeProvider.System.GetElapsedTime(begin) / (1 + (Commits / 5));
            longest = each > longest ? each : longest;
        }
        await leave.CancelAsync();
        await Task.WhenAll(watching);
        output.WriteLine($"{longest.TotalMilliseconds:0} ms from an append to all watchers at the other node, as far as the test looks");
        Assert.True(longest < SweepInterval / 8, $"{longest} for each commit: the watchers waited for the sweep");
    }

    [Theory]
    [InlineData("Postgres")]
    [InlineData("Redis")]
    public async Task What_is_committed_while_the_nodes_do_not_hear_each_other_is_found_by_the_sweep(string transport)
    {
        await using var way = await HintWay.OpenAsync(transport);
        await using var deployment = await StartAsync(way);
        var elsewhere = deployment.At(await deployment.AddNodeAsync());
        var worker = new Worker(elsewhere.Records, "job");
        await worker.StartAsync();
        using var leave = new CancellationTokenSource();
        List<Tail> tails = [new(deployment.Local.OverGrpc, "job"), new(deployment.Local.OverSse, "job")];
        var watching = tails.Select(tail => tail.ReadToTheEndAsync(leave.Token)).ToList();
        await Task.WhenAll(tails.Select(tail => tail.ReachedAsync(1)));

        for (int i = 0; i < 5; i++)
        {
            await way.CutAsync(deployment.ConnectionString);
            long lost = (await worker.LogAsync(lines: 3)).Positions[^1];
            await Task.WhenAll(tails.Select(tail => tail.ReachedAsync(lost, SweepInterval + Slack)));
            await way.MendAsync();
            long next = (await worker.LogAsync()).Positions[0];
            await Task.WhenAll(tails.Select(tail => tail.ReachedAsync(next, SweepInterval + Slack)));
        }
        await leave.CancelAsync();
        await Task.WhenAll(watching);
        Assert.Equal("", deployment.Errors);
    }

    private static Task<Deployment> StartAsync(HintWay way) =>
        Deployment.StartAsync(settings: [("Live__SweepInterval", $"{SweepInterval}"), .. way.Settings]);
}
