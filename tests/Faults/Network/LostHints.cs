using Jobwatch.Faults.Tests.Sites;
using Jobwatch.Faults.Tests.Turns;

namespace Jobwatch.Faults.Tests.Network;

/// <summary>No node hears another's hints: only the sweep finds what the others commit.</summary>
internal sealed class LostHints : Fault
{
    public override string Name => "hints-lost";

    public override double LeastLoad => 0.2;

    public override async Task<Site> OwnSiteAsync() => await Site.StartAsync(nodeSettings: ("Hints__Transport", "None"));

    public override async Task RunAsync(Scene scene)
    {
        double found = await FoundAsync(scene);
        for (int i = 0; i < 5; i++)
        {
            await HoldAsync(1);
            await scene.KeepUpAsync(TimeSpan.FromSeconds(10), "watchers keep up by the sweep");
        }
        double heard = await NodeMetrics.SumAsync(scene.Site.Nodes, "hints_received_total");
        Scene.Happened(heard == 0, $"{heard} hints came");
        Scene.Happened(await FoundAsync(scene) > found, "the sweep found nothing");
    }

    private static Task<double> FoundAsync(Scene scene) => NodeMetrics.SumAsync(scene.Site.Nodes, "live_sweep_finds_total");
}
