using Jobwatch.Faults.Tests.Sites;
using Jobwatch.Faults.Tests.Turns;

namespace Jobwatch.Faults.Tests.Store;

/// <summary>The connection to PostgreSQL is cut after a commit and before its reply, again and again.</summary>
internal sealed class LostCommitReply : Fault
{
    private const int Rounds = 8;
    private const int CutsOfRound = 2;

    public override string Name => "commit-reply-cut";

    public override async Task RunAsync(Scene scene)
    {
        var cutter = scene.Site.Cutter;
        double failed = await NodeMetrics.CommitFailuresAsync(scene.Site.Nodes[0]);
        for (int round = 0; round < Rounds; round++)
        {
            int cuts = cutter.Cuts;
            // Where the node remembers the logs a commit is one batch, without BEGIN and COMMIT: those are half of what is cut.
            cutter.Arm(CutsOfRound, onlyUnbegun: round % 2 > 0);
            await Scene.HappensAsync(() => cutter.Cuts >= cuts + CutsOfRound, "a reply is cut off");
            await HoldAsync(0.5);
        }
        await Scene.HappensAsync(
            async () => await NodeMetrics.CommitFailuresAsync(scene.Site.Nodes[0]) >= failed + Rounds, "the node has commits that failed");
    }
}
