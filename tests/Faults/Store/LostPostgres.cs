using Jobwatch.Faults.Tests.Sites;
using Jobwatch.Faults.Tests.Turns;
using Jobwatch.Testing;
using Xunit;

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
        if (isKilled)
            TellComeback(scene.Site.Cluster.Process.Output);
        for (int side = 0; side < Site.Sides; side++)
        {
            int node = side;
            await Scene.HappensAsync(
                async () => await NodeMetrics.CommitFailuresAsync(scene.Site.Nodes[node]) > before[node], "commits fail while it is away");
        }
    }

    // How long it takes is PostgreSQL's own: its log says what it was busy with.
    private static void TellComeback(OutputLines log)
    {
        foreach (string line in log.All.Where(line => line.Contains("LOG:", StringComparison.Ordinal)))
            TestContext.Current.TestOutputHelper?.WriteLine(line);
    }
}
