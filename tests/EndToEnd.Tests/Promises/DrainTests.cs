using Grpc.Core;
using Jobwatch.Client;
using Jobwatch.EndToEnd.Tests.Deployments;
using Jobwatch.Testing;
using Jobwatch.Testing.Producing;
using Jobwatch.Testing.Watching;
using Xunit;

namespace Jobwatch.EndToEnd.Tests.Promises;

public sealed class DrainTests
{
    private const int Watchers = 8;

    [Fact]
    public async Task A_stopping_node_sends_its_watchers_away_with_their_cursors_and_they_lose_nothing()
    {
        await using var deployment = await Deployment.StartAsync();
        var worker = new Worker(deployment.Local.Records, "job");
        await worker.StartAsync();
        await using var load = new SteadyLoad(worker, perSecond: 100);
        var watchers = Enumerable.Range(0, Watchers).Select(_ => new Tail(deployment.Local.OverGrpc, "job")).ToList();
        var drained = watchers.Select(watcher => watcher.ReadToTheEndAsync()).ToList();
        await Task.WhenAll(watchers.Select(watcher => watcher.ReachedAsync(100)));

        Assert.Equal(0, await deployment.Node.StopAsync());

        foreach (var ending in drained)
        {
            var end = await Assert.ThrowsAsync<RpcException>(() => ending);
            Assert.Equal(StatusCode.Unavailable, end.StatusCode);
            Assert.Equal("DRAINING", StatusDetails.Of(end).Reason);
        }
        Assert.All(watchers, watcher => Assert.NotNull(watcher.Last?.Draining));
        int delays = watchers.Select(watcher => watcher.Last!.Draining.RetryDelay).Distinct().Count();
        Assert.True(delays > Watchers / 2, "The delays are not jittered");
        var refused = await Assert.ThrowsAsync<RpcException>(() => worker.LogAsync());
        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);

        await deployment.StartAsync(deployment.Node);
        // They share a channel that tries again after a while only, and refuses calls until then.
        var acknowledged = load.Acknowledged;
        await Eventually.TrueAsync(() => load.Acknowledged > acknowledged, TimeSpan.FromSeconds(60), "appends go on");
        await AssertGoOnAsync(watchers, load);
    }

    [Fact]
    public async Task A_stopping_edge_sends_its_watchers_away_with_their_cursors_and_they_lose_nothing()
    {
        await using var deployment = await Deployment.StartAsync();
        var worker = new Worker(deployment.Local.Records, "job");
        await worker.StartAsync();
        await using var load = new SteadyLoad(worker, perSecond: 100);
        List<Tail> watchers =
        [
            .. Enumerable.Range(0, Watchers).Select(_ => new Tail(deployment.Local.OverSse, "job")),
            .. Enumerable.Range(0, Watchers).Select(_ => new Tail(deployment.Local.OverNdjson, "job")),
        ];
        // Again and again: a stream may be anywhere when the edge begins to stop.
        for (int i = 1; i <= 3; i++)
        {
            var drained = watchers.Select(watcher => watcher.ReadToTheEndAsync()).ToList();
            await Task.WhenAll(watchers.Select(watcher => watcher.ReachedAsync(load.Acknowledged + 50)));

            Assert.Equal(0, await deployment.Edge.StopAsync());

            await Task.WhenAll(drained);
            Assert.All(watchers, watcher => Assert.NotNull(watcher.Last?.Draining));
            await deployment.StartAsync(deployment.Edge);
        }
        await AssertGoOnAsync(watchers, load);
    }

    private static async Task AssertGoOnAsync(List<Tail> watchers, SteadyLoad load)
    {
        using var leave = new CancellationTokenSource();
        var reading = watchers.Select(watcher => watcher.ReadToTheEndAsync(leave.Token)).ToList();
        await Task.WhenAll(watchers.Select(watcher => watcher.ReachedAsync(load.Acknowledged + 100)));
        // Every position once, over all sessions: that is what a tail holds its watch to.
        await leave.CancelAsync();
        await Task.WhenAll(reading);
    }
}
