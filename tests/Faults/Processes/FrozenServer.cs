using Jobwatch.Faults.Tests.Turns;
using Jobwatch.Testing;

namespace Jobwatch.Faults.Tests.Processes;

/// <summary>SIGSTOP of a node or an edge: it holds its connections and says nothing; then it goes on where it was.</summary>
internal sealed class FrozenServer(bool isNode, int seconds) : Fault
{
    /// <summary>Watchers are patient for 4 s.</summary>
    private const int NoticedAfter = 5;

    public override string Name => $"{(isNode ? "node" : "edge")}-stop-{seconds}s";

    public override async Task RunAsync(Scene scene)
    {
        int side = scene.AnySide();
        ServerProcess server = isNode ? scene.Site.Nodes[side] : scene.Site.Edges[side];
        int pid = server.Child.Id;
        if (seconds < NoticedAfter)
        {
            await FreezeAsync(server);
        }
        else
        {
            await scene.BreaksWatchersAsync(() => FreezeAsync(server));
        }
        Scene.Happened(server.Child.Id == pid && !server.Child.HasExited, "it should have lived on");
    }

    private async Task FreezeAsync(ServerProcess server)
    {
        server.Signal(UnixSignal.SigStop);
        try
        {
            await Scene.HappensAsync(() => ProcessTree.IsStopped(server.Child.Id), "the process is stopped");
            await HoldAsync(seconds);
        }
        finally
        {
            server.Signal(UnixSignal.SigCont);
        }
    }
}
