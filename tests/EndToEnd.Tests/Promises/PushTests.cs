using Jobwatch.EndToEnd.Tests.Deployments;
using Jobwatch.Testing;
using Jobwatch.Testing.Producing;
using Jobwatch.Testing.Watching;
using Xunit;

namespace Jobwatch.EndToEnd.Tests.Promises;

public sealed class PushTests(ITestOutputHelper output)
{
    private const int ManyWatchers = 100;
    private const int Commits = 50;

    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(2);

    /// <summary>For a machine that is busy with other tests.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task Commits_arrive_without_waiting_for_a_poll()
    {
        await using var deployment = await Deployment.StartAsync(settings: ("Live__SweepInterval", "00:00:02"));
        var worker = new Worker(deployment.Local.Records, "job");
        await worker.StartAsync();
        using var leave = new CancellationTokenSource();
        List<Tail> tails = [new(deployment.Local.OverGrpc, "job"), new(deployment.Local.OverSse, "job"), new(deployment.Local.OverNdjson, "job")];
        var watching = tails.Select(tail => tail.ReadToTheEndAsync(leave.Token)).ToList();
        await Task.WhenAll(tails.Select(tail => tail.ReachedAsync(1)));

        // One after the other: by the poll alone each would take all of its two seconds.
        long begin = TimeProvider.System.GetTimestamp();
        for (int i = 0; i < Commits; i++)
        {
            long position = (await worker.LogAsync()).Positions[0];
            await Task.WhenAll(tails.Select(tail => tail.ReachedAsync(position)));
        }
        var each = TimeProvider.System.GetElapsedTime(begin) / Commits;
        await leave.CancelAsync();
        await Task.WhenAll(watching);
        output.WriteLine($"{each.TotalMilliseconds:0} ms from an append to all watchers, as far as the test looks");
        Assert.True(each < LongestSilence / 4, $"{each} for each commit: the watchers waited for the poll");
    }

    [Fact]
    public async Task What_another_node_commits_arrives_within_two_seconds_without_any_hint()
    {
        await using var deployment = await Deployment.StartAsync(settings: ("Hints__Transport", "None"));
        var elsewhere = deployment.At(await deployment.AddNodeAsync());
        var worker = new Worker(elsewhere.Records, "job");
        await worker.StartAsync();
        using var leave = new CancellationTokenSource();
        List<Tail> tails = [new(deployment.Local.OverGrpc, "job"), new(deployment.Local.OverSse, "job")];
        var watching = tails.Select(tail => tail.ReadToTheEndAsync(leave.Token)).ToList();
        await Task.WhenAll(tails.Select(tail => tail.ReachedAsync(1)));

        for (int i = 0; i < 5; i++)
        {
            long position = (await worker.LogAsync()).Positions[0];
            await Task.WhenAll(tails.Select(tail => tail.ReachedAsync(position, LongestSilence + Slack)));
        }
        await leave.CancelAsync();
        await Task.WhenAll(watching);
    }

    [Fact]
    public async Task What_a_commit_costs_the_store_does_not_grow_with_its_watchers()
    {
        await using var cluster = new PostgresCluster(fsync: false);
        await using var deployment = await Deployment.StartAsync(cluster);
        var statements = new StatementCount(cluster, deployment.ConnectionString);
        await statements.StartAsync();
        var worker = new Worker(deployment.Local.Records, "job");
        await worker.StartAsync();
        using var leave = new CancellationTokenSource();
        var watching = new List<Task>();
        var tails = new List<Tail>();

        long one = await CostAsync(1);
        long many = await CostAsync(ManyWatchers);
        await leave.CancelAsync();
        await Task.WhenAll(watching);
        output.WriteLine($"Statements of {Commits} commits: {one} with 1 watcher, {many} with {ManyWatchers}");
        Assert.True(one >= Commits, $"Only {one} statements were seen for {Commits} commits");
        Assert.InRange(many, 0, one + Commits);

        async Task<long> CostAsync(int watchers)
        {
            while (tails.Count < watchers)
            {
                tails.Add(new Tail(deployment.Local.OverGrpc, worker.JobId));
                watching.Add(tails[^1].ReadToTheEndAsync(leave.Token));
            }
            await Task.WhenAll(tails.Select(tail => tail.ReachedAsync(1)));
            long before = await statements.ReadAsync();
            long begin = TimeProvider.System.GetTimestamp();
            for (int i = 0; i < Commits; i++)
            {
                long position = (await worker.LogAsync()).Positions[0];
                await Task.WhenAll(tails.Select(tail => tail.ReachedAsync(position)));
            }
            // The sweep and the readiness check go by the clock, whoever watches.
            long byTheClock = (long)(3 * TimeProvider.System.GetElapsedTime(begin).TotalSeconds);
            return await statements.ReadAsync() - before - byTheClock;
        }
    }
}
