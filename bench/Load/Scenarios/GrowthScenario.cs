using Jobwatch.Bench.Events;
using Jobwatch.Bench.Figures;
using Jobwatch.Bench.Servers;
using Jobwatch.Bench.Watching;

namespace Jobwatch.Bench.Scenarios;

/// <summary>What a delivery costs with few watchers of a job and with many, all of them served as fast as they take it.</summary>
internal sealed class GrowthScenario() : Scenario("growth", isDefault: true, isQuick: false)
{
    private const string Row = "growth, a delivery's cost";

    // The same for any number: how much goes out together is not to differ.
    private const int Window = 1000;


    public override async Task RunAsync(Plan plan, Stage stage, Report report)
    {
        int[] counts = [10, 100, 1000, plan.OnlyGoals ? 2000 : 5000];
        var jobwatch = new JobwatchServer(stage);
        await stage.AloneAsync(jobwatch);
        var servers = await stage.EdgeAsync();
        await FloodAsync(jobwatch, servers, counts[1], plan.Brief);
        var rounds = await Rounds.RunAsync(
            plan.SlowRounds, [.. counts.Select(count => new Contender(Called(count), () => FloodAsync(jobwatch, servers, count, plan.Brief)))]);
        report.AddAll(Row, rounds, "deliveries/s");
        Figure Ratio(string what, int most, int least, Func<Measurement, double> cost) =>
            rounds.Ratio($"{Row}: {what}, {most} / {least} watchers", Called(most), Called(least), cost, cost, Goal.AtMost(1.3));
        // With few watchers most of the node's and PostgreSQL's work is for the producer: of the edge's, less.
        report.Add(
            Ratio("whole path", counts[3], counts[1], measured => measured.CpuPerMillion()),
            Ratio("edge", counts[3], counts[0], measured => measured.CpuPerMillion("edge")));
    }

    private static string Called(int watchers) => $"{watchers} watchers";

    private static async Task<Measurement> FloodAsync(JobwatchServer jobwatch, EdgeStage servers, int count, TimeSpan duration)
    {
        var job = jobwatch.MakeTopics(1)[0];
        using var watchers = new Watchers(Enumerable.Repeat(() => jobwatch.Watch(job), count));
        using var producer = new WindowedProducer(servers.Node.Node, job, Window, watchers.AwaitSlowest);
        watchers.ReadTo(Window);
        var measured = await servers.WholePath.RunAsync(() => Task.FromResult(watchers.CountFor(duration)));
        producer.End();
        watchers.ReadToSum(watchers.ReadWhile(producer.Sent) * count);
        return measured;
    }
}
