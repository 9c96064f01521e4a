using System.Text;
using Google.Protobuf;
using Jobwatch.Bench.Events;
using Jobwatch.Bench.Figures;
using Jobwatch.Bench.Grpc;
using Jobwatch.Bench.Peers;
using Jobwatch.Bench.Servers;
using Jobwatch.V1;

namespace Jobwatch.Bench.Scenarios;

/// <summary>
/// W1g: many watchers of one job over gRPC, straight at the node, beside grpc-dotnet that streams frozen bytes which it makes itself.
/// </summary>
internal sealed class GrpcFanOutScenario() : Scenario("W1g", isDefault: true)
{
    private const int Connections = 10;
    private const int Streams = 100;
    private const int WarmingStreams = 20;
    private const int Window = 4000;
    private const string Row = "W1g fan-out to 1000 gRPC watchers";

    public override async Task RunAsync(Plan plan, Stage stage, Report report)
    {
        var servers = await stage.NodeAsync();
        await using var frozen = await PeerProgram.StartOwnAsync("grpc");
        await RunAsync(servers, WarmingStreams, plan.Brief * 2);
        await RunAsync(frozen, servers.NewJob(), WarmingStreams, plan.Brief * 2);
        var rounds = await Rounds.RunAsync(plan.Rounds,
        [
            new("jobwatch", () => RunAsync(servers, Streams, plan.Brief)),
            new("frozen grpc-dotnet", () => RunAsync(frozen, servers.NewJob(), Streams, plan.Brief)),
        ]);
        report.AddAll(Row, rounds, "deliveries/s");
        report.Add(rounds.Ratio(Row, "jobwatch", "frozen grpc-dotnet", Goal.AtLeast(0.8)));
    }

    private static async Task<Measurement> RunAsync(NodeStage stage, int streams, TimeSpan duration)
    {
        var job = stage.NewJob();
        Producers.Begin(stage.Node, [job]);
        using var watchers = new StreamWatchers(stage.Node, "/jobwatch.v1.WatchService/WatchJob", Request(job), Connections, streams);
        using var producer = new WindowedProducer(stage.Node, job, Window, watchers.AwaitSlowest);
        watchers.ReadTo(Window / 4);
        var measured = await stage.WholePath.RunAsync(() => Task.FromResult(watchers.CountFor(duration)));
        producer.End();
        // The execution's beginning is an event, too.
        watchers.ReadTo(watchers.ReadWhile(producer.Sent) + 1);
        return measured;
    }

    private static Task<Measurement> RunAsync(PeerProgram frozen, string job, int streams, TimeSpan duration)
    {
        using var watchers = new StreamWatchers(frozen.Address, "/bench.Frozen/Watch", Encoding.ASCII.GetBytes($"{Connections * streams} {job}"), Connections, streams);
        watchers.ReadTo(Window / 4);
        return frozen.Meter("grpc-dotnet").RunAsync(() => Task.FromResult(watchers.CountFor(duration)));
    }

    private static byte[] Request(string job) =>
        new WatchJobRequest { JobId = job, Start = new WatchStart { Beginning = true } }.ToByteArray();
}
