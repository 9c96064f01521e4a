using Jobwatch.Bench.Figures;
using Jobwatch.Bench.Machine;
using Jobwatch.Bench.Servers;
using Jobwatch.Bench.Watching;

namespace Jobwatch.Bench.Scenarios;

/// <summary>How often the node asks PostgreSQL while a job has few watchers and while it has many.</summary>
internal sealed class QueriesScenario() : Scenario("queries", isDefault: true, isQuick: false)
{
    private const string Row = "queries of PostgreSQL at 50 events/s";
    private const string Queries = "db_client_operation_duration_seconds_count";
    private const int EventsPerSecond = 50;
    private const int Few = 10;
    private const int Many = 1000;

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    public override async Task RunAsync(Plan plan, Stage stage, Report report)
    {
        var jobwatch = new JobwatchServer(stage);
        await stage.AloneAsync(jobwatch);
        var node = new Exposition((await stage.EdgeAsync()).Node.Monitoring);
        List<double> few = [], many = [];
        for (var round = 0; round < plan.SlowRounds; round++)
        {
            few.Add(await CountAsync(jobwatch, node, Few, plan.Brief * 2));
            many.Add(await CountAsync(jobwatch, node, Many, plan.Brief * 2));
        }

        report.Add(
            new Figure($"{Row}: {Few} watchers", "queries/s", few),
            new Figure($"{Row}: {Many} watchers", "queries/s", many),
            new Figure($"{Row}: {Many} / {Few} watchers", "×", [.. many.Zip(few, (more, less) => more / less)], Goal.AtMost(1.1)));
    }

    private static async Task<double> CountAsync(JobwatchServer jobwatch, Exposition node, int count, TimeSpan duration)
    {
        var job = jobwatch.MakeTopics(1);
        using var watchers = new Watchers(Enumerable.Repeat(() => jobwatch.Watch(job[0]), count));
        // What their opening asked is counted a moment later: the exposition is made anew only now and then.
        watchers.ReadFor(Settling);
        var before = await node.ReadAsync(Queries);
        var events = (int)(EventsPerSecond * duration.TotalSeconds);
        var sending = OwnThread.RunAsync(() =>
        {
            using var publisher = jobwatch.Publish(job, underWay: 16);
            var pace = new Pace(EventsPerSecond);
            for (var sent = 0; sent < events; sent++)
            {
                publisher.Publish(0, 1, pace.Next());
            }

            publisher.Finish();
            return events;
        });
        watchers.ReadTo(watchers.ReadWhile(sending));
        return (await node.ReadAsync(Queries) - before) / duration.TotalSeconds;
    }
}
