using Jobwatch.Faults.Tests.Turns;

namespace Jobwatch.Faults.Tests.Network;

/// <summary>The ways from an edge to the nodes carry less than what is recorded: its watchers fall behind, and catch up when it is over.</summary>
internal sealed class SlowLink : Fault
{
    // One job's events take more.
    private const int BytesPerSecond = 10_000;

    public override string Name => "edge-node-slow";

    public override async Task RunAsync(Scene scene)
    {
        int side = scene.AnySide();
        var links = scene.Site.ToNodes[side];
        long slowed = links.Sum(link => link.Slowed);
        foreach (var link in links)
            link.BytesPerSecond = BytesPerSecond;
        try
        {
            await Scene.HappensAsync(() => scene.HasLaggardAt(side), "watchers fall behind");
            await HoldAsync(8);
        }
        finally
        {
            foreach (var link in links)
                link.BytesPerSecond = 0;
        }
        Scene.Happened(links.Sum(link => link.Slowed) > slowed, "nothing was slow");
        await scene.KeepUpAsync(TimeSpan.FromSeconds(10), "watchers catch up");
    }
}
