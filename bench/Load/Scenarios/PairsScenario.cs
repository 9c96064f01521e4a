using Jobwatch.Bench.FanOut;
using Jobwatch.Bench.Figures;
using Jobwatch.Bench.Servers;

namespace Jobwatch.Bench.Scenarios;

/// <summary>W1p2: twice the watchers on twice the nodes and edges: what a delivery costs then. Servers of its own.</summary>
internal sealed class PairsScenario() : Scenario("W1p2", isDefault: false)
{
    private const int WatchersOfPair = 1000;
    private const int EventsPerSecond = 20;

    public override async Task RunAsync(Plan plan, Stage stage, Report report)
    {
        const string Row = "W1p2 1000 watchers a pair of node and edge, 20 events/s";
        await using var own = new Stage();
        var one = own.Jobwatch;
        await using var two = new PairsServer(own);
        Task<Rounds> RunAsync() => new SideBySide(own, plan, report).RunAsync(
            Row,
            [one, two],
            plan.Brief * 1.5,
            (server, time) => new PacedLoad(1, server == two ? 2 * WatchersOfPair : WatchersOfPair, EventsPerSecond).RunAsync(server, time));

        // The second pair works only half of the time, and its code is compiled for good later: as long as it isn't, it is that which is measured.
        _ = await RunAsync();
        var rounds = await RunAsync();
        report.AddLatencies(Row, rounds, two.Name, median: null, p99: null);
        report.Add(rounds.Ratio(
            $"{Row}: a delivery's CPU, 2 pairs / 1", two.Name, one.Name, pairs => pairs.CpuPerMillion(), pair => pair.CpuPerMillion(), Goal.AtMost(1.1)));
    }
}
