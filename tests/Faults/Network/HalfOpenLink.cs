using Jobwatch.Faults.Tests.Turns;

namespace Jobwatch.Faults.Tests.Network;

/// <summary>The way from an edge to one of the nodes takes everything and brings nothing; no connection ends.</summary>
internal sealed class HalfOpenLink : Fault
{
    public override string Name => "edge-node-half-open";

    public override async Task RunAsync(Scene scene)
    {
        var link = scene.Site.ToNodes[scene.AnySide()][scene.AnySide()];
        long swallowed = link.Swallowed;
        Scene.Happened(link.Open > 0, "the edge has no connection to its node");
        await scene.BreaksWatchersAsync(async () =>
        {
            link.IsHalfOpen = true;
            await HoldAsync(10);
        });
        // Whoever watched over it is elsewhere by now, and misses nothing while it is dead.
        await scene.KeepUpAsync(TimeSpan.FromSeconds(10), "watchers keep up by other ways");
        Scene.Happened(link.Swallowed > swallowed, "nothing was swallowed");
        link.IsHalfOpen = false;
    }
}
