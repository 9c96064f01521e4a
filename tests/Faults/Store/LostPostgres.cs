using Jobwatch.Faults.Tests.Sites;
using Jobwatch.Faults.Tests.Turns;

namespace Jobwatch.Faults.Tests.Store;

/// <summary>PostgreSQL killed with all of its processes, or shut down, and started again after a while.</summary>
internal sealed class LostPostgres(bool isKilled) : Fault
{
    public override string Name => isKilled ? "postgres-kill" : "postgres-restart";

    public override async Task RunAsync(Scene scene)
    {
        var before = await Task.WhenAll(scene.Site.Nodes.Select(NodeMetrics.CommitFailuresAsync));
        if (isKilled)
            await scene.Site.Cluster.KillAsync();
        else
            await scene.Site.Cluster.StopAsync();
        Scene.Happened(scene.Site.Cluster.Process.HasExited, "PostgreSQL runs on");
        await HoldAsync(3);
        await scene.Site.Cluster.StartAsync();
        for (int side = 0; side < Site.Sides; side++)
        {
            int node = side;
            await Scene.HappensAsync(
                async () => await NodeMetrics.CommitFailuresAsync(scene.Site.Nodes[node]) > before[node], "commits fail while it is away");
        }
    }
}
