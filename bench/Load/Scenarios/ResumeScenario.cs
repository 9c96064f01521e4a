using System.Diagnostics;
using Google.Protobuf;
using Jobwatch.Bench.Events;
using Jobwatch.Bench.Figures;
using Jobwatch.Bench.Grpc;
using Jobwatch.Bench.Http2;
using Jobwatch.Bench.Machine;
using Jobwatch.Bench.Servers;
using Jobwatch.V1;

namespace Jobwatch.Bench.Scenarios;

/// <summary>How long a watcher that was cut off near the head takes until it is live again, in a short log and in a long one.</summary>
internal sealed class ResumeScenario() : Scenario("resume", isDefault: true, isQuick: false)
{
    private const string Row = "resume 10 events before the head";
    private const string WatchPath = "/jobwatch.v1.WatchService/WatchJob";
    private const int Missed = 10;
    private const int ShortLog = 1000;
    private const int Batch = 1000;
    private const int BatchesUnderWay = 8;
    private const int Times = 200;

    public override async Task RunAsync(Plan plan, Stage stage, Report report)
    {
        var longLog = plan.OnlyGoals ? 100_000 : 1_000_000;
        var servers = await stage.NodeAsync();
        byte[] few = await FillAsync(servers, ShortLog), many = await FillAsync(servers, longLog);
        var ratios = new List<double>();
        List<double> ofFew = [], ofMany = [];
        for (var round = 0; round <= plan.Rounds; round++)
        {
            var (less, more) = await OwnThread.RunAsync(() => Alternate(servers.Node, few, many));
            // The first round finds code that was never run.
            if (round > 0)
            {
                ofFew.Add(less);
                ofMany.Add(more);
                ratios.Add(more / less);
            }
        }

        report.Add(
            new Figure($"{Row}: {ShortLog:#,0} events", "ms", ofFew),
            new Figure($"{Row}: {longLog:#,0} events", "ms", ofMany),
            new Figure($"{Row}: {longLog:#,0} / {ShortLog:#,0} events", "×", ratios, Goal.AtMost(1.3)));
    }

    // The medians in milliseconds.
    private static (double Few, double Many) Alternate(Uri node, byte[] few, byte[] many)
    {
        var times = (Few: new double[Times], Many: new double[Times]);
        for (var i = 0; i < Times; i++)
        {
            times.Few[i] = Resume(node, few);
            times.Many[i] = Resume(node, many);
        }

        return (Median(times.Few), Median(times.Many));
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    private static double Resume(Uri node, byte[] request)
    {
        using var connection = new Connection(node, WatchPath);
        var messages = new Messages();
        var (events, isLive) = (0, false);
        var clock = Stopwatch.StartNew();
        connection.Call(request);
        while (!isLive)
        {
            var frame = connection.Read();
            if (frame.EndsStream)
            {
                throw new IOException("The watch ended before it was live.");
            }

            if (frame.Type == FrameType.Data)
            {
                messages.Add(frame.Payload, message =>
                {
                    var kind = WatchMessage.KindOf(message);
                    events += kind == WatchJobResponse.MessageOneofCase.Event ? 1 : 0;
                    isLive |= kind == WatchJobResponse.MessageOneofCase.CaughtUp;
                });
            }
        }

        return events == Missed
            ? clock.Elapsed.TotalMilliseconds
            : throw new InvalidDataException($"{events} events came where {Missed} were missed.");
    }

    // A log of so many events, and the request of one who missed the last ones.
    private static async Task<byte[]> FillAsync(NodeStage stage, int events)
    {
        var job = stage.NewJob();
        Producers.Begin(stage.Node, [job]);
        await Producers.AppendAsync(stage.Node, [job], clients: 1, Batch, BatchesUnderWay, (sent, _) => sent < events);
        return await OwnThread.RunAsync(() =>
        {
            // The execution's beginning is an event, too.
            var cursor = CursorAt(stage.Node, job, events + 1 - Missed);
            return Messages.WithPrefix(new WatchJobRequest { JobId = job, Start = new WatchStart { Cursor = cursor } }.ToByteArray());
        });
    }

    private static string CursorAt(Uri node, string job, long position)
    {
        using var connection = new Connection(node, WatchPath);
        connection.Call(Messages.WithPrefix(new WatchJobRequest { JobId = job, Start = new WatchStart { FromPosition = position } }.ToByteArray()));
        var messages = new Messages();
        string? cursor = null;
        while (cursor is null)
        {
            var frame = connection.Read();
            if (frame.Type == FrameType.Data)
            {
                messages.Add(frame.Payload, message => cursor ??= WatchJobResponse.Parser.ParseFrom(message).Cursor);
            }
        }

        return cursor;
    }
}
