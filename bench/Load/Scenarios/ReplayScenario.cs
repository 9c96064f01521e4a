using Google.Protobuf;
using Grpc.Net.Client;
using Jobwatch.Bench.Events;
using Jobwatch.Bench.Figures;
using Jobwatch.Bench.Http2;
using Jobwatch.Bench.Machine;
using Jobwatch.Bench.Peers.Nats;
using Jobwatch.Bench.Peers.Postgres;
using Jobwatch.Bench.Servers;
using Jobwatch.Bench.Watching;
using Jobwatch.V1;

namespace Jobwatch.Bench.Scenarios;

/// <summary>W5: one watcher reads a job's history from the beginning, beside reading the same rows from PostgreSQL.</summary>
internal sealed class ReplayScenario() : Scenario("W5", isDefault: true)
{
    private const int Events = 100_000;
    private const int Batch = 500;
    private const int BatchesUnderWay = 16;
    private const string JetStream = "JetStream";
    private const string WatchPath = "/jobwatch.v1.WatchService/WatchJob";

    public override async Task RunAsync(Plan plan, Stage stage, Report report)
    {
        const string Row = "W5 replay of 100k";
        const string Raw = "jobwatch, raw gRPC";
        const string Sse = "jobwatch, SSE";
        const string Pages = "keyset pages of 1000";
        var edge = await stage.EdgeAsync();
        var servers = edge.Node;
        var request = await FillAsync(servers);
        using var channel = GrpcChannel.ForAddress(servers.Node);
        var watcher = new WatchService.WatchServiceClient(channel);
        var reads = new TableReads(servers.ConnectionString, request.JobId, Events);

        List<Contender> contenders =
        [
            Ours(Raw, () => servers.WholePath.RunAsync(() => OwnThread.RunAsync(() => ReadRaw(servers.Node, request)))),
            Ours(Pages, () => servers.Postgres.RunAsync(() => reads.ReadPagesAsync(1000))),
            Ours(Sse, () => edge.WholePath.RunAsync(() => OwnThread.RunAsync(() => ReadSse(edge.Edge, request.JobId)))),
        ];
        if (!plan.OnlyGoals)
        {
            contenders.Add(Ours("jobwatch, Grpc.Net.Client", () => servers.WholePath.RunAsync(() => ReadAsync(watcher, request))));
            contenders.Add(Ours("one SELECT", () => servers.Postgres.RunAsync(reads.ReadAtOnceAsync)));
            contenders.Add(await JetStreamAsync(stage, report));
        }

        await Rounds.RunAsync(plan.OnlyGoals ? 2 : 3, contenders);
        var rounds = await Rounds.RunAsync(plan.Rounds, contenders);
        report.AddAll(Row, rounds, "events/s", contender => contender switch
        {
            Raw => Goal.AtLeast(300_000),
            Sse => Goal.AtLeast(150_000),
            _ => null,
        });
        report.Add(rounds.Ratio(Row, Raw, Pages));
        if (rounds.Has(JetStream))
        {
            report.Add(rounds.Ratio(Row, Raw, JetStream));
        }

        // A peer's turn stops our servers.
        Contender Ours(string name, Func<Task<Measurement>> run) => new(name, async () =>
        {
            await stage.EdgeAsync();
            return await run();
        });
    }

    // The same events in a stream of its own, read back by a consumer.
    private static async Task<Contender> JetStreamAsync(Stage stage, Report report)
    {
        var nats = stage.Peer<NatsPeer>();
        await stage.AloneAsync(nats);
        report.AddPeer(nats.Name, nats.Lacks);
        var topic = nats.MakeTopics(1)[0];
        using (var publisher = nats.Publish([topic], BatchesUnderWay))
        {
            for (var sent = 0; sent < Events; sent += Batch)
            {
                publisher.Publish(0, Batch, stamp: 0);
            }

            publisher.Finish();
        }

        return new(JetStream, async () =>
        {
            await stage.AloneAsync(nats);
            return await nats.Meter.RunAsync(() => OwnThread.RunAsync(() => ReadTo(() => nats.Replay(topic))));
        });
    }

    private static async Task<WatchJobRequest> FillAsync(NodeStage stage)
    {
        var job = stage.NewJob();
        Producers.Begin(stage.Node, [job]);
        await Producers.AppendAsync(stage.Node, [job], clients: 1, Batch, BatchesUnderWay, (sent, _) => sent < Events - Batch);
        await Producers.AppendAsync(stage.Node, [job], clients: 1, Batch - 1, BatchesUnderWay, (sent, _) => sent == 0);
        return new WatchJobRequest { JobId = job, Start = new WatchStart { Beginning = true } };
    }

    private static long ReadRaw(Uri node, WatchJobRequest request)
    {
        using var connection = new Connection(node, WatchPath);
        var stream = connection.Call(Messages.WithPrefix(request.ToByteArray()));
        var messages = new Messages();
        var check = new PositionCheck();
        while (check.Last < Events)
        {
            var frame = connection.Read();
            if (frame.Stream == stream && frame.Type == FrameType.Data)
            {
                messages.Add(frame.Payload, check.Receive);
            }
            else if (frame.Stream == stream && frame.EndsStream)
            {
                throw new IOException($"The watch ended at {check.Last}.");
            }
        }

        return check.Last;
    }

    private static long ReadSse(Uri edge, string job) => ReadTo(() => new JobwatchWatcher(edge, $"{job}:watch?start.beginning=true", last: 0));

    private static long ReadTo(Func<Watcher> connect)
    {
        using var watcher = connect();
        var buffer = new byte[1024 * 1024];
        while (watcher.Last < Events)
        {
            watcher.Read(buffer);
        }

        return watcher.Last;
    }

    private static async Task<long> ReadAsync(WatchService.WatchServiceClient watcher, WatchJobRequest request)
    {
        using var call = watcher.WatchJob(request);
        var check = new PositionCheck();
        while (check.Last < Events && await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            if (call.ResponseStream.Current.Event is { } received)
            {
                check.Next(received.Position);
            }
        }

        return check.Last;
    }
}
