using Jobwatch.Bench.FanOut;
using Jobwatch.Bench.Figures;
using Jobwatch.Bench.Servers;

namespace Jobwatch.Bench.Scenarios;

/// <summary>W2: how long an event takes from its producer to watchers, by way of the disk.</summary>
internal sealed class LatencyScenario() : Scenario("W2", isDefault: true)
{
    private static readonly PacedLoad Load = new(Topics: 1, WatchersOfEach: 100, EventsPerSecond: 50);

    public override async Task RunAsync(Plan plan, Stage stage, Report report)
    {
        const string Row = "W2 100 watchers, 50 events/s";
        var jobwatch = new JobwatchServer(stage);
        await jobwatch.StartAsync();
        await Load.RunAsync(jobwatch, plan.WarmUp / 4);
        var rounds = await Rounds.RunAsync(plan.Rounds, [new(jobwatch.Name, () => Load.RunAsync(jobwatch, plan.Duration))]);
        report.AddAll(Row, rounds, "deliveries/s");
        report.Add(
            rounds.Latency(Row, jobwatch.Name, "p50", latency => latency.Median, Goal.AtMost(3)),
            rounds.Latency(Row, jobwatch.Name, "p99", latency => latency.P99, Goal.AtMost(10)),
            rounds.Latency(Row, jobwatch.Name, "max", latency => latency.Most));
    }
}
