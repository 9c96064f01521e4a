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

    public override async Task RunAsync(Plan plan, Stage stage, Report report)
    {
        const string Row = "W4m append, 1000 jobs";
        var servers = await stage.NodeAsync();
        var jobs = Enumerable.Range(0, Jobs).Select(_ => servers.NewJob()).ToArray();
        Producers.Begin(servers.Node, jobs);
        Task<long> AppendAsync(TimeSpan duration) =>
            Producers.AppendAsync(servers.Node, jobs, Clients, events: 1, UnderWay, (_, elapsed) => elapsed < duration);

        await AppendAsync(plan.WarmUp);
        var rounds = await Rounds.RunAsync(plan.Rounds, [new("jobwatch", () => servers.WholePath.RunAsync(() => AppendAsync(plan.Duration)))]);
        report.AddAll(Row, rounds, "events/s", "jobwatch", Goal.AtLeast(20_000));
    }
}
