using Jobwatch.Bench.Events;
using Jobwatch.Bench.Figures;
using Jobwatch.Bench.Peers.Postgres;
using Jobwatch.Bench.Servers;

namespace Jobwatch.Bench.Scenarios;

/// <summary>W4: appends over gRPC, acknowledged after the commit, beside what PostgreSQL does without us.</summary>
internal sealed class AppendScenario() : Scenario("W4", isDefault: true)
{
    private const int Clients = 16;
    private const int Batch = 100;
    private const int BatchesUnderWay = 32;

    public override async Task RunAsync(Plan plan, Stage stage, Report report)
    {
        var servers = await stage.NodeAsync();
        var pgbench = new Pgbench(servers.ConnectionString);
        var bulk = new BulkInserts(servers.ConnectionString);
        await OneByOneAsync(servers, Clients, plan.WarmUp);
        await PipelinedAsync(servers, plan.WarmUp);

        await CompareAsync("W4 append, 1 client", plan, report, Goal.AtLeast(0.7), null,
            new("jobwatch", () => servers.WholePath.RunAsync(() => OneByOneAsync(servers, 1, plan.Duration))),
            new("pgbench", () => servers.Postgres.RunAsync(() => pgbench.RunAsync(1, plan.Duration))));
        await CompareAsync($"W4 append, {Clients} clients", plan, report, Goal.AtLeast(1.5), null,
            new("jobwatch", () => servers.WholePath.RunAsync(() => OneByOneAsync(servers, Clients, plan.Duration))),
            new("pgbench", () => servers.Postgres.RunAsync(() => pgbench.RunAsync(Clients, plan.Duration))));
        Contender batches = new("jobwatch", () => servers.WholePath.RunAsync(() => PipelinedAsync(servers, plan.Duration)));
        Contender[] inBulk =
        [
            new($"INSERT of {Batch} rows", () => servers.Postgres.RunAsync(() => bulk.RunMultiRowAsync(Batch, plan.Duration))),
            new("COPY", () => servers.Postgres.RunAsync(() => bulk.RunCopyAsync(plan.Duration))),
        ];
        await CompareAsync(
            $"W4 append, batches of {Batch}", plan, report, null, Goal.AtLeast(40_000), plan.OnlyGoals ? [batches] : [batches, .. inBulk]);
    }

    private static async Task CompareAsync(string row, Plan plan, Report report, Goal? ratio, Goal? rate, params Contender[] contenders)
    {
        var rounds = await Rounds.RunAsync(plan.Rounds, contenders);
        report.AddAll(row, rounds, "events/s", contenders[0].Name, rate);
        foreach (var peer in contenders.Skip(1))
        {
            report.Add(rounds.Ratio(row, contenders[0].Name, peer.Name, ratio));
        }
    }

    private static Task<long> OneByOneAsync(NodeStage stage, int clients, TimeSpan duration) =>
        AppendAsync(stage, clients, events: 1, underWay: 1, duration);

    private static Task<long> PipelinedAsync(NodeStage stage, TimeSpan duration) =>
        AppendAsync(stage, clients: 1, Batch, BatchesUnderWay, duration);

    // Each client has a job of its own.
    private static Task<long> AppendAsync(NodeStage stage, int clients, int events, int underWay, TimeSpan duration)
    {
        var jobs = Enumerable.Range(0, clients).Select(_ => stage.NewJob()).ToArray();
        Producers.Begin(stage.Node, jobs);
        return Producers.AppendAsync(stage.Node, jobs, clients, events, underWay, (_, elapsed) => elapsed < duration);
    }
}
