using Jobwatch.Bench.Events;
using Jobwatch.Bench.Figures;
using Jobwatch.Bench.Peers.Etcd;
using Jobwatch.Bench.Peers.Postgres;
using Jobwatch.Bench.Servers;

namespace Jobwatch.Bench.Scenarios;

/// <summary>W4: appends over gRPC, acknowledged after the commit, beside what PostgreSQL does without us, and etcd, which flushes too.</summary>
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
        await PipelinedAsync(servers, plan.WarmUp / 2);

        var etcd = plan.OnlyGoals ? null : await EtcdAsync(plan, stage, report);
        await LoneAsync("W4 append, 1 client", clients: 1, Goal.AtLeast(0.7));
        await LoneAsync($"W4 append, {Clients} clients", Clients, Goal.AtLeast(1.5));
        await stage.NodeAsync();
        Contender batches = new("jobwatch", () => servers.WholePath.RunAsync(() => PipelinedAsync(servers, plan.Duration)));
        Contender[] inBulk =
        [
            new($"INSERT of {Batch} rows", () => servers.Postgres.RunAsync(() => bulk.RunMultiRowAsync(Batch, plan.Duration))),
            new("COPY", () => servers.Postgres.RunAsync(() => bulk.RunCopyAsync(plan.Duration))),
        ];
        await CompareAsync(
            $"W4 append, batches of {Batch}", plan, report, null, Goal.AtLeast(40_000), plan.OnlyGoals ? [batches] : [batches, .. inBulk]);

        Task LoneAsync(string row, int clients, Goal ratio)
        {
            List<Contender> contenders =
            [
                new("jobwatch", () => OursAsync(() => servers.WholePath.RunAsync(() => OneByOneAsync(servers, clients, plan.Duration)))),
                new("pgbench", () => OursAsync(() => servers.Postgres.RunAsync(() => pgbench.RunAsync(clients, plan.Duration)))),
            ];
            if (etcd is not null)
            {
                contenders.Add(new(etcd.Name, async () =>
                {
                    await stage.AloneAsync(etcd);
                    return await etcd.Meter.RunAsync(() => etcd.PutAsync(clients, plan.Duration));
                }));
            }

            return CompareAsync(row, plan, report, ratio, null, [.. contenders]);
        }

        // A peer's turn stops our servers.
        async Task<Measurement> OursAsync(Func<Task<Measurement>> run)
        {
            await stage.NodeAsync();
            return await run();
        }
    }

    private static async Task<EtcdPeer?> EtcdAsync(Plan plan, Stage stage, Report report)
    {
        var etcd = stage.Peer<EtcdPeer>();
        try
        {
            await stage.AloneAsync(etcd);
            await etcd.PutAsync(Clients, plan.Brief / 4);
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or TimeoutException or InvalidOperationException)
        {
            report.AddFailure($"W4 append: {etcd.Name}", failure);
            return null;
        }

        report.AddPeer(etcd.Name, etcd.Lacks);
        return etcd;
    }

    private static async Task CompareAsync(string row, Plan plan, Report report, Goal? ratio, Goal? rate, params Contender[] contenders)
    {
        var rounds = await Rounds.RunAsync(plan.Rounds, contenders);
        report.AddAll(row, rounds, "events/s", contenders[0].Name, rate);
        for (var peer = 1; peer < contenders.Length; peer++)
        {
            // The goal is about the first of them.
            report.Add(rounds.Ratio(row, contenders[0].Name, contenders[peer].Name, peer == 1 ? ratio : null));
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
