using Jobwatch.Bench.FanOut;
using Jobwatch.Bench.Figures;
using Jobwatch.Bench.Peers.Kestrel;
using Jobwatch.Bench.Peers.Nchan;
using Jobwatch.Bench.Peers.SignalR;
using Jobwatch.Bench.Servers;

namespace Jobwatch.Bench.Scenarios;

/// <summary>W1p: many watchers of one job that gets an event now and then: what a delivery costs when nothing can be sent together.</summary>
internal sealed class PacedFanOutScenario() : Scenario("W1p", isDefault: true)
{
    private static readonly PacedLoad Load = new(Topics: 1, WatchersOfEach: 1000, EventsPerSecond: 20);

    public override async Task RunAsync(Plan plan, Stage stage, Report report)
    {
        const string Row = "W1p 1000 watchers, 20 events/s";
        var jobwatch = stage.Jobwatch;
        var (kestrel, signalR) = (stage.Peer<KestrelPeer>(), stage.Peer<SignalRSse>());
        var rounds = await new SideBySide(stage, plan, report).RunAsync(
            Row,
            plan.OnlyGoals ? [jobwatch, kestrel, signalR] : [jobwatch, kestrel, signalR, stage.Peer<SignalRWebSocket>(), stage.Peer<NchanPeer>()],
            plan.Brief * 1.5,
            (server, time) => Load.RunAsync(server, time));
        report.AddLatencies(Row, rounds, jobwatch.Name, median: null, p99: null);
        if (rounds.Has(kestrel.Name))
        {
            report.Add(rounds.Ratio(
                $"{Row}: edge's CPU / {kestrel.Name}'s", jobwatch.Name, kestrel.Name,
                our => our.CpuPerMillion("edge"), their => their.CpuPerMillion(), Goal.AtMost(1)));
        }

        if (rounds.Has(signalR.Name))
        {
            report.Add(rounds.Ratio(
                $"{Row}: whole path's CPU / {signalR.Name}'s", jobwatch.Name, signalR.Name,
                our => our.CpuPerMillion(), their => their.CpuPerMillion(), Goal.Below(1)));
        }
    }
}
