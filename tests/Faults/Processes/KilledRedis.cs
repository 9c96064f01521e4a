using Jobwatch.Faults.Tests.Sites;
using Jobwatch.Faults.Tests.Turns;
using Jobwatch.Testing;

namespace Jobwatch.Faults.Tests.Processes;

/// <summary>Redis, which carries the nodes' hints, is killed twice within half a second and back each time; then it is killed and stays away for a while.</summary>
internal sealed class KilledRedis : Fault
{
    private static readonly TimeSpan BetweenKills = TimeSpan.FromSeconds(0.5);

    public override string Name => "redis-kill-twice";

    public override async Task<Site> OwnSiteAsync() => await Site.StartAsync(new SitePlan { HasRedis = true });

    public override async Task RunAsync(Scene scene)
    {
        var redis = scene.RedisWays.Server;
        await scene.HintsComeAsync();
        var between = TimeSpan.MaxValue;
        for (int tries = 0; tries < 5 && between > BetweenKills; tries++)
            between = await KillTwiceAsync(redis);
        Scene.Happened(between <= BetweenKills, $"between the kills of Redis were {between.TotalSeconds:0.00} s");
        await HoldAsync(0.2);
        await redis.KillAsync();
        for (int i = 0; i < 3; i++)
        {
            await HoldAsync(1);
            await scene.KeepUpAsync(TimeSpan.FromSeconds(10), "watchers keep up without Redis");
        }
        double links = await NodeMetrics.LinksAsync(scene.Site.Nodes);
        await redis.StartAsync();
        await Scene.HappensAsync(async () => await NodeMetrics.LinksAsync(scene.Site.Nodes) > links, "the nodes come back to Redis");
        await scene.HintsComeAsync();
    }

    private static async Task<TimeSpan> KillTwiceAsync(RedisServer redis)
    {
        long begin = TimeProvider.System.GetTimestamp();
        await redis.KillAsync();
        await redis.StartAsync();
        await redis.KillAsync();
        var took = TimeProvider.System.GetElapsedTime(begin);
        await redis.StartAsync();
        return took;
    }
}
