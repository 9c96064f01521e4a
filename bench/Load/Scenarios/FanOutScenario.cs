using Jobwatch.Bench.FanOut;
using Jobwatch.Bench.Figures;
using Jobwatch.Bench.Peers.Kestrel;
using Jobwatch.Bench.Peers.Nats;
using Jobwatch.Bench.Peers.Nchan;
using Jobwatch.Bench.Peers.Redis;
using Jobwatch.Bench.Peers.SignalR;
using Jobwatch.Bench.Servers;

namespace Jobwatch.Bench.Scenarios;

/// <summary>
/// W1: many watchers of one job over server-sent events, and a producer that sends batches as fast as the slowest of them gets them, give or
/// take a window; the peers' watchers over what their servers speak.
/// </summary>
internal sealed class FanOutScenario() : Scenario("W1", isDefault: true)
{
    private const int WatcherCount = 1000;

    public override async Task RunAsync(Plan plan, Stage stage, Report report)
    {
        const string Row = "W1 fan-out to 1000 SSE watchers";
        var jobwatch = stage.Jobwatch;
        List<(FanOutServer Server, Goal? Ratio)> peers =
        [
            (stage.Peer<NatsPeer>(), Goal.AtLeast(1)),
            (stage.Peer<SignalRSse>(), Goal.AtLeast(10)),
            (stage.Peer<NchanPeer>(), Goal.AtLeast(15)),
            (stage.Peer<KestrelFedInside>(), Goal.AtLeast(0.5)),
        ];
        if (!plan.OnlyGoals)
        {
            peers.AddRange([(stage.Peer<SignalRWebSocket>(), null), (stage.Peer<RedisPeer>(), null)]);
        }

        var rounds = await new SideBySide(stage, plan, report).RunAsync(
            Row, [jobwatch, .. peers.Select(peer => peer.Server)], plan.Brief, (server, time) => Flood.RunAsync(server, WatcherCount, time));
        report.AddAll(Row, rounds, "deliveries/s", jobwatch.Name, Goal.AtLeast(1_500_000));
        foreach (var (peer, goal) in peers.Where(peer => rounds.Has(peer.Server.Name)))
        {
            report.Add(rounds.Ratio(Row, jobwatch.Name, peer.Name, goal));
        }
    }
}
