using Jobwatch.Bench.FanOut;
using Jobwatch.Bench.Figures;
using Jobwatch.Bench.Peers.Etcd;
using Jobwatch.Bench.Peers.SignalR;
using Jobwatch.Bench.Servers;

namespace Jobwatch.Bench.Scenarios;

/// <summary>W2: how long an event takes from its producer to watchers, by way of the disk.</summary>
internal sealed class LatencyScenario() : Scenario("W2", isDefault: true)
{
    private static readonly PacedLoad Load = new(Topics: 1, WatchersOfEach: 100, EventsPerSecond: 50);

    public override async Task RunAsync(Plan plan, Stage stage, Report report)
    {
        const string Row = "W2 100 watchers, 50 events/s";
        var jobwatch = stage.Jobwatch;
        var etcd = stage.Peer<EtcdPeer>();
        var rounds = await new SideBySide(stage, plan, report).RunAsync(
            Row,
            plan.OnlyGoals ? [jobwatch, etcd] : [jobwatch, etcd, stage.Peer<SignalRSse>(), stage.Peer<SignalRWebSocket>()],
            plan.Brief * 2,
            (server, time) => Load.RunAsync(server, time));
        report.AddLatencies(Row, rounds, jobwatch.Name, median: Goal.AtMost(3), p99: Goal.AtMost(10));
        if (rounds.Has(etcd.Name))
        {
            report.Add(
                rounds.Ratio($"{Row}: p50 / {etcd.Name}'s", jobwatch.Name, etcd.Name, our => our.Latency!.Median, Goal.Below(1)),
                rounds.Ratio($"{Row}: p99 / {etcd.Name}'s", jobwatch.Name, etcd.Name, our => our.Latency!.P99, Goal.Below(1)));
        }
    }
}
