using Jobwatch.Faults.Tests.Sites;
using Jobwatch.Faults.Tests.Turns;

namespace Jobwatch.Faults.Tests.Network;

/// <summary>A node's way to Redis is late for a while, then takes everything and brings nothing, then is cut.</summary>
internal sealed class BadRedisLink : Fault
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(200);

    public override string Name => "node-redis-link";

    public override async Task<Site> OwnSiteAsync() => await Site.StartAsync(new SitePlan { HasRedis = true });

    public override async Task RunAsync(Scene scene)
    {
        await scene.HintsComeAsync();
        int side = scene.AnySide();
        var node = scene.Site.Nodes[side];
        var way = scene.RedisWays.FromNodes[side];
        double links = await NodeMetrics.LinksAsync(node);
        int late = 0;
        way.ReplyDelay = _ =>
        {
            Interlocked.Increment(ref late);
            return Delay;
        };
        await HoldAsync(4);
        await scene.KeepUpAsync(TimeSpan.FromSeconds(10), "watchers keep up with late hints");
        await scene.HintsComeAsync();
        way.ReplyDelay = null;
        Scene.Happened(late > 0, "nothing was late");
        Scene.Happened(await NodeMetrics.LinksAsync(node) == links, "the node gave up a link that was only late");

        way.IsHalfOpen = true;
        await HoldAsync(6);
        await scene.KeepUpAsync(TimeSpan.FromSeconds(10), "watchers keep up without hints");
        Scene.Happened(way.Swallowed > 0, "nothing was swallowed");
        way.IsHalfOpen = false;
        await Scene.HappensAsync(async () => await NodeMetrics.LinksAsync(node) > links, "the node gives up the dead link");
        await scene.HintsComeAsync();

        links = await NodeMetrics.LinksAsync(node);
        Scene.Happened(way.CutAll() > 0, "there was nothing to cut");
        await Scene.HappensAsync(async () => await NodeMetrics.LinksAsync(node) > links, "the node comes back after a cut");
        await scene.HintsComeAsync();
    }
}
