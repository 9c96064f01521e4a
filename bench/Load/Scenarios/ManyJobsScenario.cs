using Jobwatch.Bench.Events;
using Jobwatch.Bench.Figures;
using Jobwatch.Bench.Servers;

namespace Jobwatch.Bench.Scenarios;

/// <summary>W4m: one event at a time for each of many jobs, by pipelined producers.</summary>
internal sealed class ManyJobsScenario() : Scenario("W4m", isDefault: true)
{
    private const int Jobs = 1000;
    private const int Clients = 64;
    private const int UnderWay = 16;

    public override async Task RunAsync(Plan plan, Report report)
    {
        const string Row = "W4m append, 1000 jobs";
        await using var stage = await NodeStage.StartAsync();
        var jobs = Enumerable.Range(0, Jobs).Select(_ => stage.NewJob()).ToArray();
        Producers.Begin(stage.Node, jobs);
        Task<long> AppendAsync(TimeSpan duration) =>
            Producers.AppendAsync(stage.Node, jobs, Clients, events: 1, UnderWay, (_, elapsed) => elapsed < duration);

        await AppendAsync(plan.WarmUp);
        var rounds = await Rounds.RunAsync(plan.Rounds, [new("jobwatch", () => stage.WholePath.RunAsync(() => AppendAsync(plan.Duration)))]);
        report.AddAll(Row, rounds, "events/s", "jobwatch", Goal.AtLeast(20_000));
    }
}
