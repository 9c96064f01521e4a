using Jobwatch.Bench.Figures;
using Jobwatch.Bench.Peers.Etcd;
using Jobwatch.Bench.Servers;

namespace Jobwatch.Bench.Scenarios;

/// <summary>W4's work done by etcd, which flushes before it acknowledges, too. It informs; no goal is about it.</summary>
internal sealed class EtcdAppendScenario() : Scenario("W4etcd", isDefault: true)
{
    public override async Task RunAsync(Plan plan, Stage stage, Report report)
    {
        if (plan.OnlyGoals)
        {
            return;
        }

        var etcd = stage.Peer<EtcdPeer>();
        await stage.AloneAsync(etcd);
        report.AddPeer(etcd.Name, etcd.Lacks);
        foreach (var clients in (int[])[1, 16])
        {
            var row = clients == 1 ? "W4 put, 1 client" : $"W4 put, {clients} clients";
            await etcd.PutAsync(clients, plan.Brief / 4);
            var rounds = await Rounds.RunAsync(plan.Rounds, [new(etcd.Name, () => etcd.Meter.RunAsync(() => etcd.PutAsync(clients, plan.Brief)))]);
            report.AddAll(row, rounds, "events/s");
        }
    }
}
