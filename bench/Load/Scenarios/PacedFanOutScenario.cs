using Jobwatch.Bench.FanOut;
using Jobwatch.Bench.Figures;
using Jobwatch.Bench.Servers;

namespace Jobwatch.Bench.Scenarios;

/// <summary>W1p: many watchers of one job that gets an event now and then: what a delivery costs when nothing can be sent together.</summary>
internal sealed class PacedFanOutScenario() : Scenario("W1p", isDefault: true)
{
    private static readonly PacedLoad Load = new(Topics: 1, WatchersOfEach: 1000, EventsPerSecond: 20);

    public override async Task RunAsync(Plan plan, Stage stage, Report report)
    {
        const string Row = "W1p 1000 watchers, 20 events/s";
        var jobwatch = new JobwatchServer(stage);
        await jobwatch.StartAsync();
        await Load.RunAsync(jobwatch, plan.WarmUp / 8);
        var rounds = await Rounds.RunAsync(plan.Rounds, [new(jobwatch.Name, () => Load.RunAsync(jobwatch, plan.Duration))]);
        report.AddAll(Row, rounds, "deliveries/s");
        report.Add(rounds.Latency(Row, jobwatch.Name, "p50", latency => latency.Median));
    }
}
