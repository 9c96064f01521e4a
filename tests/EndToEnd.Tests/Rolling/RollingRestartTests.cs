using Jobwatch.Client;
using Jobwatch.EndToEnd.Tests.Deployments;
using Jobwatch.EndToEnd.Tests.SlowWatchers;
using Jobwatch.Testing;
using Jobwatch.Testing.Oracle;
using Jobwatch.Testing.Producing;
using Jobwatch.Testing.Watching;
using Xunit;

namespace Jobwatch.EndToEnd.Tests.Rolling;

/// <summary>Alone on the machine, as it measures time.</summary>
[Collection(nameof(Alone))]
public sealed class RollingRestartTests(ITestOutputHelper output)
{
    private const string Job = "job";
    private const int Watchers = 20;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Nodes_and_edges_that_restart_in_turn_lose_nothing_and_make_nobody_wait_long()
    {
        await using var deployment = await Deployment.StartAsync(nodes: 2, edges: 2);
        await using var library = new JobwatchClient(new JobwatchClientOptions { Addresses = [.. deployment.Nodes.Select(node => node.Address)] });
        var edges = deployment.Edges.Select(edge => new HttpClient { BaseAddress = edge.Address }).ToList();
        var worker = new Worker(library.Records, Job);
        await worker.StartAsync();
        var load = new SteadyLoad(worker, perSecond: 50);
        List<Follower> followers =
        [
            .. Enumerable.Range(0, Watchers).Select(_ => new Follower(new LibraryTransport(library), Job)),
            .. Enumerable.Range(0, Watchers).Select(_ => new Follower(OverAnyOf(edges), Job)),
        ];
        using var leave = new CancellationTokenSource();
        var following = followers.Select(follower => follower.RunAsync(leave.Token)).ToList();
        await CaughtUpAsync(followers, load);

        var waits = new List<TimeSpan>();
        foreach (var server in deployment.Nodes.Concat<ServerProcess>(deployment.Edges))
        {
            followers.ForEach(follower => follower.TakeLongestWait());
            Assert.Equal(0, await server.StopAsync());
            await deployment.StartAsync(server);
            await CaughtUpAsync(followers, load);
            var longest = followers.Select(follower => follower.TakeLongestWait()).Order().ToList();
            var half = longest[longest.Count / 2];
            output.WriteLine($"{server.GetType().Name}: the longest waits have p50 {half.TotalSeconds:0.00} s, most {longest[^1].TotalSeconds:0.00} s");
            waits.AddRange(longest);
        }

        await load.StopAsync();
        var log = await StoredLog.ReadAsync(deployment.ConnectionString, "local", Job);
        await Eventually.TrueAsync(() => followers.All(follower => follower.Position == log.Count), TimeSpan.FromSeconds(30), "all have all of it");
        await leave.CancelAsync();
        await Task.WhenAll(following);
        edges.ForEach(edge => edge.Dispose());

        Assert.Equal(log.Count, load.Acknowledged);
        Assert.Empty(deployment.Errors);
        Assert.True(followers[Watchers..].All(follower => follower.Sessions > 1), "Every edge's readers were sent away once");
        waits.Sort();
        var p99 = waits[(int)(waits.Count * 0.99)];
        output.WriteLine($"{log.Count} events, {followers.Count} watchers, 4 restarts: the longest waits have p99 {p99.TotalSeconds:0.00} s");
        Assert.InRange(p99, TimeSpan.Zero, LongestWait);
    }

    private static RoamingTransport OverAnyOf(List<HttpClient> edges) =>
        new([.. edges.Select(edge => new SseTransport(edge, ResumeBy.Header, reconciliationsRoute: false))]);

    private static async Task CaughtUpAsync(List<Follower> followers, SteadyLoad load)
    {
        long beyond = load.Acknowledged + 50;
        await Eventually.TrueAsync(() => followers.All(follower => follower.Position >= beyond), TimeSpan.FromSeconds(60), "all go on");
    }
}
