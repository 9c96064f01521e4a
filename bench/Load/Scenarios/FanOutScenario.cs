using Jobwatch.Bench.FanOut;
using Jobwatch.Bench.Figures;
using Jobwatch.Bench.Servers;

namespace Jobwatch.Bench.Scenarios;

/// <summary>
/// W1: many watchers of one job over server-sent events, and a producer that sends batches as fast as the slowest of them gets them, give or
/// take a window.
/// </summary>
internal sealed class FanOutScenario() : Scenario("W1", isDefault: true)
{
    private const int WatcherCount = 1000;

    public override async Task RunAsync(Plan plan, Stage stage, Report report)
    {
        const string Row = "W1 fan-out to 1000 SSE watchers";
        var jobwatch = new JobwatchServer(stage);
        await jobwatch.StartAsync();
        await Flood.RunAsync(jobwatch, WatcherCount, plan.WarmUp / 4);
        var rounds = await Rounds.RunAsync(plan.Rounds, [new(jobwatch.Name, () => Flood.RunAsync(jobwatch, WatcherCount, plan.Duration))]);
        report.AddAll(Row, rounds, "deliveries/s", jobwatch.Name, Goal.AtLeast(1_500_000));
    }
}
