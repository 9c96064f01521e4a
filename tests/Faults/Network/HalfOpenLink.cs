using Jobwatch.Faults.Tests.Turns;

namespace Jobwatch.Faults.Tests.Network;

/// <summary>The way from an edge to its node takes everything and brings nothing; no connection ends.</summary>
internal sealed class HalfOpenLink : Fault
{
    public override string Name => "edge-node-half-open";

    public override async Task RunAsync(Scene scene)
    {
        int side = scene.AnySide();
        var link = scene.Site.ToNodes[side];
        long swallowed = link.Swallowed;
        Scene.Happened(link.Open > 0, "the edge has no connection to its node");
        await scene.BreaksWatchersAsync(async () =>
        {
            link.IsHalfOpen = true;
            await HoldAsync(10);
        });
        // Whoever watched at that edge is elsewhere by now, and misses nothing while the link is dead.
        await scene.KeepUpAsync(TimeSpan.FromSeconds(10), "watchers keep up at the other edge");
        Scene.Happened(link.Swallowed > swallowed, "nothing was swallowed");
        link.IsHalfOpen = false;
    }
}
