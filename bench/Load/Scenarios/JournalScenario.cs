using System.Diagnostics;
using Jobwatch.Bench.Events;
using Jobwatch.Bench.Figures;
using Jobwatch.Bench.Machine;
using Jobwatch.Bench.Peers.Postgres;
using Jobwatch.Bench.Servers;
using Jobwatch.StreamService.Journal;
using Jobwatch.Testing;
using Jobwatch.V1;

namespace Jobwatch.Bench.Scenarios;

/// <summary>The journal alone, in this process: what an append costs without the wire. For finding out, not a row of the table.</summary>
internal sealed class JournalScenario() : Scenario(Row, isDefault: false)
{
    private const string Row = "journal";
    private const int ManyJobs = 1000;

    private int _jobs;

    public override async Task RunAsync(Plan plan, Stage stage, Report report)
    {
        await using var cluster = new PostgresCluster(fsync: true);
        var database = await cluster.CreateDatabaseAsync();
        await using var journal = await JournalHost.StartAsync(database);
        await PeerTable.CreateAsync(database);
        var pgbench = new Pgbench(database);
        var meter = new Meter(("postgres", cluster.Process.Id));
        Contender Contender(string name, Func<TimeSpan, Task<long>> work) => new(name, () => meter.RunAsync(() => work(plan.Duration)));

        await AppendAsync(journal, producers: 16, jobs: 16, events: 1, plan.WarmUp);
        var rounds = await Rounds.RunAsync(plan.Rounds,
        [
            Contender("1 client", time => AppendAsync(journal, 1, 1, 1, time)),
            Contender("pgbench 1", time => pgbench.RunAsync(1, time)),
            Contender("16 clients", time => AppendAsync(journal, 16, 16, 1, time)),
            Contender("pgbench 16", time => pgbench.RunAsync(16, time)),
            Contender("16 clients of one job", time => AppendAsync(journal, 16, 1, 1, time)),
            Contender("batches of 100", time => AppendAsync(journal, 16, 1, 100, time)),
            Contender("1000 jobs, 64 producers", time => AppendAsync(journal, 64, ManyJobs, 1, time)),
            Contender("1000 jobs, 1000 in flight", time => AppendAsync(journal, ManyJobs, ManyJobs, 1, time)),
        ]);
        report.AddAll(Row, rounds, "events/s");
        report.Add(rounds.Ratio(Row, "1 client", "pgbench 1", Goal.AtLeast(0.7)));
        report.Add(rounds.Ratio(Row, "16 clients", "pgbench 16", Goal.AtLeast(1.5)));
    }

    /// <summary>Producers that each append, wait for the answer, and append again, to jobs in turn.</summary>
    private async Task<long> AppendAsync(JournalHost journal, int producers, int jobs, int events, TimeSpan duration)
    {
        var keys = Enumerable.Range(0, jobs).Select(_ => new JobKey("local", $"bench-{++_jobs}")).ToArray();
        await Task.WhenAll(keys.Select(key => AppendAsync(journal, key, [EventShape.Started()])));
        var clock = Stopwatch.StartNew();
        var turns = await Task.WhenAll(Enumerable.Range(0, producers).Select(producer => Task.Run(async () =>
        {
            var turn = 0;
            for (; clock.Elapsed < duration; turn++)
            {
                await AppendAsync(journal, keys[(producer + (turn * producers)) % jobs], [.. Enumerable.Range(0, events).Select(_ => Fresh())]);
            }

            return turn;
        })));
        return turns.Sum(turn => (long)turn * events);
    }

    private static ExecutionEvent Fresh()
    {
        var fresh = EventShape.Logged();
        fresh.EventId = Guid.CreateVersion7().ToString();
        return fresh;
    }

    private static async Task AppendAsync(JournalHost journal, JobKey job, ExecutionEvent[] events)
    {
        if (await journal.Writer.AppendAsync(new AppendBatch(job, events, null), CancellationToken.None) is not AppendOutcome.Appended)
        {
            throw new InvalidOperationException("The journal refused an append.");
        }
    }
}
