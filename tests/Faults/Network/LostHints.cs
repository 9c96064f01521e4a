using Jobwatch.Faults.Tests.Sites;
using Jobwatch.Faults.Tests.Turns;
using Jobwatch.Testing;

namespace Jobwatch.Faults.Tests.Network;

/// <summary>
/// Hints are lost on their way: one node's leads to another Redis, so that what both send is taken and reaches nobody, and both
/// take themselves for linked. Only the sweep finds what the other commits.
/// </summary>
internal sealed class LostHints : Fault
{
    private const int Seconds = 5;

    // It comes every second.
    private static readonly TimeSpan Swept = TimeSpan.FromSeconds(5);

    public override string Name => "hints-lost";

    public override async Task<Site> OwnSiteAsync() => await Site.StartAsync(new SitePlan { HasRedis = true });

    public override async Task RunAsync(Scene scene)
    {
        await scene.HintsComeAsync();
        await using var elsewhere = new RedisServer();
        await elsewhere.StartAsync();
        int side = scene.AnySide();
        var way = scene.RedisWays.FromNodes[side];
        await MoveAsync(scene.Site.Nodes[side], way, elsewhere);
        // What was on its way, and what the node sweeps because it was linked anew, is not what the sweep is asked for.
        await HoldAsync(1);
        var before = await Count.OfAsync(scene.Site);
        for (int i = 0; i < Seconds; i++)
        {
            await HoldAsync(1);
            await scene.KeepUpAsync(Swept, "watchers keep up by the sweep");
        }
        var after = await Count.OfAsync(scene.Site);
        Scene.Happened(after.Heard == before.Heard, $"{after.Heard - before.Heard} hints came");
        Scene.Happened(after.Links == before.Links, "a node was linked anew");
        Scene.Happened(after.Sent.Zip(before.Sent).All(pair => pair.First > pair.Second), "a node sent no hint");
        Scene.Happened(after.Found > before.Found, "the sweep found nothing");
        await MoveAsync(scene.Site.Nodes[side], way, scene.RedisWays.Server);
        await scene.HintsComeAsync();
    }

    private static async Task MoveAsync(NodeProcess node, TcpProxy way, RedisServer redis)
    {
        double links = await NodeMetrics.LinksAsync(node);
        way.Target = redis.Socket;
        way.CutAll();
        await Scene.HappensAsync(async () => await NodeMetrics.LinksAsync(node) > links, "the node is linked to another Redis");
    }

    private sealed record Count(double[] Sent, double Heard, double Links, double Found)
    {
        public static async Task<Count> OfAsync(Site site) => new(
            await Task.WhenAll(site.Nodes.Select(node => NodeMetrics.ReadAsync(node, "hints_published_total"))),
            await NodeMetrics.SumAsync(site.Nodes, "hints_received_total"),
            await NodeMetrics.LinksAsync(site.Nodes),
            await NodeMetrics.SumAsync(site.Nodes, "live_sweep_finds_total"));
    }
}
