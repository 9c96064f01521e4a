using Jobwatch.Bench.Events;
using Jobwatch.Bench.Figures;
using Jobwatch.Bench.Peers.Marten;
using Jobwatch.Bench.Servers;

namespace Jobwatch.Bench.Scenarios;

/// <summary>
/// W4m: one event at a time for each of many jobs, by pipelined producers: with the stream that is made for them, and with a call for each event;
/// in a full run beside Marten's own sessions.
/// </summary>
internal sealed class ManyJobsScenario() : Scenario("W4m", isDefault: true)
{
    private const int Jobs = 1000;
    private const int Clients = 64;
    private const int UnderWay = 16;

    public override async Task RunAsync(Plan plan, Stage stage, Report report)
    {
        const string Row = "W4m append, 1000 jobs";
        const string Peer = "Marten's sessions";
        var servers = await stage.NodeAsync();
        var jobs = Enumerable.Range(0, Jobs).Select(_ => servers.NewJob()).ToArray();
        Producers.Begin(servers.Node, jobs);
        Task<long> AppendAsync(TimeSpan duration) =>
            Producers.AppendAsync(servers.Node, jobs, Clients, events: 1, UnderWay, (_, elapsed) => elapsed < duration);

        Task<long> RecordAsync(TimeSpan duration) =>
            Producers.RecordAsync(servers.Node, jobs, Clients, events: 1, UnderWay, (_, elapsed) => elapsed < duration);

        await AppendAsync(plan.WarmUp / 2);
        await RecordAsync(plan.WarmUp / 2);
        Contender ours = new("jobwatch", () => servers.WholePath.RunAsync(() => AppendAsync(plan.Duration)));
        Contender streams = new("jobwatch, RecordEvents", () => servers.WholePath.RunAsync(() => RecordAsync(plan.Duration)));
        if (plan.OnlyGoals)
        {
            await MeasureAsync([ours, streams]);
            return;
        }

        await using var marten = await MartenSessions.StartAsync(servers.ConnectionString, Jobs, Clients);
        report.AddPeer(Peer, MartenSessions.Lacks);
        await marten.AppendAsync(Clients, plan.Brief);
        var rounds = await MeasureAsync([ours, streams, new(Peer, () => servers.Postgres.RunAsync(() => marten.AppendAsync(Clients, plan.Duration)))]);
        report.Add(rounds.Ratio(Row, ours.Name, Peer));

        async Task<Rounds> MeasureAsync(IReadOnlyList<Contender> contenders)
        {
            var measured = await Rounds.RunAsync(plan.Rounds, contenders);
            report.AddAll(Row, measured, "events/s", contender => contender == Peer ? null : Goal.AtLeast(20_000));
            return measured;
        }
    }
}
