using Jobwatch.Bench.FanOut;
using Jobwatch.Bench.Figures;
using Jobwatch.Bench.Peers.Etcd;
using Jobwatch.Bench.Peers.Nchan;
using Jobwatch.Bench.Peers.SignalR;
using Jobwatch.Bench.Servers;

namespace Jobwatch.Bench.Scenarios;

/// <summary>W3: many jobs with a watcher each.</summary>
internal sealed class ManyTopicsScenario() : Scenario("W3", isDefault: true)
{
    private static readonly PacedLoad Load = new(Topics: 1000, WatchersOfEach: 1, EventsPerSecond: 2000);

    public override async Task RunAsync(Plan plan, Stage stage, Report report)
    {
        const string Row = "W3 1000 jobs with a watcher each, 2000 events/s";
        var jobwatch = stage.Jobwatch;
        var beside = new SideBySide(stage, plan, report);
        var rounds = plan.OnlyGoals
            ? await beside.RunAloneAsync(jobwatch, count => Load.RunAsync(jobwatch, plan.Long, count))
            : await beside.RunAsync(
                Row,
                [jobwatch, stage.Peer<NchanPeer>(), stage.Peer<SignalRSse>(), stage.Peer<EtcdPeer>()],
                plan.Long,
                (server, time) => Load.RunAsync(server, time));
        report.AddLatencies(Row, rounds, jobwatch.Name, median: null, p99: Goal.AtMost(10));
    }
}
