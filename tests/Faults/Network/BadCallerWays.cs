using Jobwatch.Faults.Tests.Sites;
using Jobwatch.Faults.Tests.Turns;
using Jobwatch.Testing;

namespace Jobwatch.Faults.Tests.Network;

/// <summary>
/// The ways of producers and watchers to the nodes and edges of one side carry little, then nothing without a word, while the
/// other's are late; then all of them are cut again and again.
/// </summary>
internal sealed class BadCallerWays : Fault
{
    private const int Cuts = 20;
    // Each watcher of the edge has one to himself. One job's events take more.
    private const int BytesPerSecond = 10_000;
    private const int LateMilliseconds = 200;

    public override string Name => "caller-links";

    // Who is cut off all the time, or held up by a slow way, records little.
    public override double LeastLoad => 0.05;

    public override async Task<Site> OwnSiteAsync() => await Site.StartAsync(new SitePlan { HasCallerWays = true });

    public override async Task RunAsync(Scene scene)
    {
        var ways = scene.Site.Ways ?? throw new InvalidOperationException("It needs a site of its own.");
        // Before anything is cut, which drives all of them to a side by chance, there are callers on each.
        int side = scene.AnySide();
        await SlowAsync(scene, side, [ways.ToNodes[side], ways.ToEdges[side]]);
        await SwallowAsync(scene, [ways.ToNodes[side], ways.ToEdges[side]], [ways.ToNodes[1 - side], ways.ToEdges[1 - side]]);
        await CutAsync(scene, ways);
    }

    private static async Task SlowAsync(Scene scene, int side, IReadOnlyList<TcpProxy> slow)
    {
        foreach (var way in slow)
            way.BytesPerSecond = BytesPerSecond;
        await Scene.HappensAsync(() => scene.HasLaggardAt(side), "watchers fall behind");
        await HoldAsync(2);
        foreach (var way in slow)
            way.BytesPerSecond = 0;
        Scene.Happened(slow.All(way => way.Slowed > 0), "a way was not slow");
        await scene.KeepUpAsync(TimeSpan.FromSeconds(10), "watchers catch up");
    }

    private static async Task SwallowAsync(Scene scene, IReadOnlyList<TcpProxy> dead, IReadOnlyList<TcpProxy> late)
    {
        int producers = BrokenProducers(scene);
        int seed = scene.Random.Next();
        int delays = 0;
        foreach (var way in late)
            way.ReplyDelay = _ => TimeSpan.FromMilliseconds(new Random(seed + Interlocked.Increment(ref delays)).Next(LateMilliseconds));
        await scene.BreaksWatchersAsync(async () =>
        {
            foreach (var way in dead)
                way.IsHalfOpen = true;
            // Longer than any caller waits for an answer.
            await HoldAsync(8);
        });
        Scene.Happened(BrokenProducers(scene) > producers, "no producer gave up a dead way");
        foreach (var way in late)
            way.ReplyDelay = null;
        await scene.KeepUpAsync(TimeSpan.FromSeconds(10), "watchers keep up by other ways");
        Scene.Happened(dead.All(way => way.Swallowed > 0), "nothing was swallowed");
        Scene.Happened(delays > 0, "nothing was late");
        foreach (var way in dead)
        {
            way.IsHalfOpen = false;
            // A caller that asks nothing of a dead connection would never learn that it is.
            way.CutAll();
        }
    }

    private static async Task CutAsync(Scene scene, CallerWays ways)
    {
        int producers = BrokenProducers(scene);
        int cut = 0;
        await scene.BreaksWatchersAsync(async () =>
        {
            for (int i = 0; i < Cuts; i++)
            {
                cut += ways.All[scene.Random.Next(ways.All.Count)].CutAll();
                await Hold.ForAsync(TimeSpan.FromMilliseconds(scene.Random.Next(300)));
            }
        });
        Scene.Happened(cut >= Cuts, $"only {cut} connections were cut");
        Scene.Happened(BrokenProducers(scene) > producers, "no producer was cut off");
        await scene.KeepUpAsync(TimeSpan.FromSeconds(10), "watchers keep up after the cuts");
    }

    private static int BrokenProducers(Scene scene) => scene.Stage.Producers.Sum(producer => producer.Broken);
}
