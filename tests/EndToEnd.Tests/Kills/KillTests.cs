using System.Diagnostics;
using Jobwatch.EndToEnd.Tests.Deployments;
using Jobwatch.Testing;
using Jobwatch.Testing.Oracle;
using Jobwatch.Testing.Producing;
using Jobwatch.Testing.Watching;
using Xunit;

namespace Jobwatch.EndToEnd.Tests.Kills;

public sealed class KillTests(ITestOutputHelper output)
{
    private const string Job = "job";
    private const int Producers = 6;
    private const int Batches = 120;
    private const int Lines = 10;

    private static readonly double[] Moments = [0.2, 0.5, 0.8];

    [Theory]
    [InlineData(Victim.PostgreSql)]
    [InlineData(Victim.Node)]
    [InlineData(Victim.Edge)]
    public async Task What_was_acknowledged_is_there_after_kill_9_once_and_in_place(Victim victim)
    {
        await using var cluster = new PostgresCluster(fsync: true);
        await using var deployment = await Deployment.StartAsync(cluster);
        var acknowledged = new Acknowledged();
        var progress = new Progress(Producers * Batches);
        using var leave = new CancellationTokenSource();
        List<Tail> tails = [new(deployment.Local.OverGrpc, Job), new(deployment.Local.OverSse, Job)];
        var watching = tails.Select(tail => FollowAsync(tail, leave.Token)).ToList();
        var producing = Enumerable.Range(0, Producers)
            .Select(producer => ProduceAsync(deployment, producer, acknowledged, progress)).ToList();
        var recoveries = new List<string>();
        foreach (double moment in Moments)
        {
            await progress.ReachAsync(moment);
            recoveries.Add(await KillAsync(victim, deployment, cluster));
        }
        await Task.WhenAll(producing);

        var log = await StoredLog.ReadAsync(deployment.ConnectionString, "local", Job);
        Assert.Equal(Producers * (1 + ((Batches - 1) * Lines)), acknowledged.Count);
        acknowledged.AssertHeldBy(log, Job);
        await Task.WhenAll(tails.Select(tail => tail.ReachedAsync(log.Count)));
        await leave.CancelAsync();
        await Task.WhenAll(watching);
        output.WriteLine($"{victim}: {Moments.Length} kills, {log.Count} events acknowledged, none lost, none twice");
        output.WriteLine($"ready again after {string.Join(", ", recoveries)} s");
    }

    private static Task ProduceAsync(Deployment deployment, int producer, Acknowledged acknowledged, Progress progress)
    {
        var worker = new Worker(deployment.Local.Records, Job, $"e{producer}");
        List<PlannedAppend> appends =
        [
            new PlannedAppend(Job, [worker.Start()]),
            .. Enumerable.Range(1, Batches - 1).Select(_ => new PlannedAppend(Job, [.. Enumerable.Range(0, Lines).Select(_ => worker.Line())])),
        ];
        Appender appender = producer % 2 == 0
            ? new UnaryAppender(deployment.Local.Records, breaksExpected: true)
            : new HttpAppender(deployment.Local.Edge, breaksExpected: true);
        return appender.SendAsync(appends, (append, answers) =>
        {
            Assert.All(answers, Assert.NotNull);
            acknowledged.Add(append.JobId, append.Events, answers[0]!.Positions);
            progress.Advance();
        });
    }

    private static async Task FollowAsync(Tail tail, CancellationToken leave) => await Breaks.OutliveAsync(
        async _ =>
        {
            await tail.ReadToTheEndAsync(leave);
            // A stream that ends well without being told to goes on like one that breaks.
            return leave.IsCancellationRequested ? true : throw new IOException("The stream ended.");
        },
        isExpected: true);

    private static async Task<string> KillAsync(Victim victim, Deployment deployment, PostgresCluster cluster)
    {
        var clock = Stopwatch.StartNew();
        switch (victim)
        {
            case Victim.PostgreSql:
                int node = deployment.Node.Child.Id;
                await cluster.KillAsync();
                await cluster.StartAsync();
                await deployment.Node.WaitUntilReadyAsync();
                Assert.Equal(node, deployment.Node.Child.Id);
                break;
            case Victim.Node:
                await deployment.Node.KillAsync();
                await deployment.StartAsync(deployment.Node);
                break;
            default:
                await deployment.Edge.KillAsync();
                await deployment.StartAsync(deployment.Edge);
                break;
        }
        return $"{clock.Elapsed.TotalSeconds:0.0}";
    }
}
