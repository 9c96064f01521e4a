using Jobwatch.Faults.Tests.Turns;
using Jobwatch.Testing;

namespace Jobwatch.Faults.Tests.Processes;

/// <summary>kill -9 of a node or an edge; it is started again after a while.</summary>
internal sealed class KilledServer(bool isNode) : Fault
{
    private const int KilledExitCode = 128 + (int)UnixSignal.SigKill;

    public override string Name => isNode ? "node-kill" : "edge-kill";

    public override async Task RunAsync(Scene scene)
    {
        int side = scene.AnySide();
        ServerProcess server = isNode ? scene.Site.Nodes[side] : scene.Site.Edges[side];
        await scene.BreaksWatchersAsync(server.KillAsync);
        Scene.Happened(server.Child.ExitCode == KilledExitCode, $"exit code {server.Child.ExitCode}");
        await HoldAsync(3);
        await scene.Site.StartAsync(server);
    }
}
