using Jobwatch.Bench.Events;
using Jobwatch.Bench.Figures;
using Jobwatch.Bench.Http2;
using Jobwatch.Bench.Servers;
using Jobwatch.Bench.Sse;

namespace Jobwatch.Bench.Scenarios;

/// <summary>
/// W1: many watchers of one job over server-sent events, and a producer that sends batches as fast as the slowest of them gets them, give or
/// take a window.
/// </summary>
internal sealed class FanOutScenario() : Scenario("W1", isDefault: true)
{
    private const int WatcherCount = 1000;
    private const int Batch = 100;
    private const int Window = 4000;
    private const string AppendPath = "/jobwatch.v1.RecordService/AppendEvents";

    public override async Task RunAsync(Plan plan, Stage stage, Report report)
    {
        const string Row = "W1 fan-out to 1000 SSE watchers";
        var servers = await stage.EdgeAsync();
        Contender[] contenders = [new("jobwatch", () => RunAsync(servers, plan.Duration))];
        await RunAsync(servers, plan.WarmUp / 4);
        var rounds = await Rounds.RunAsync(plan.Rounds, contenders);
        report.AddAll(Row, rounds, "deliveries/s", contenders[0].Name, Goal.AtLeast(1_500_000));
    }

    private static async Task<Measurement> RunAsync(EdgeStage stage, TimeSpan duration)
    {
        var job = stage.Node.NewJob();
        Producers.Begin(stage.Node.Node, [job]);
        using var watchers = new Watchers(stage.Edge, $"/v1/jobs/{job}:watch", WatcherCount);
        using var enough = new CancellationTokenSource();
        var producing = Task.Factory.StartNew(
            () => Produce(stage.Node.Node, job, watchers, enough.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        // The first events find connections that have never sent, and code that was never run.
        watchers.ReadTo(Window);
        var before = watchers.Events;
        var measured = await stage.WholePath.RunAsync(() =>
        {
            watchers.ReadFor(duration);
            return Task.FromResult(watchers.Events - before);
        });
        await enough.CancelAsync();
        var sent = producing;
        while (!sent.IsCompleted)
        {
            watchers.ReadFor(TimeSpan.FromMilliseconds(10));
        }

        watchers.ReadTo(await sent);
        return measured;
    }

    // Returns how many events were acknowledged.
    private static long Produce(Uri node, string job, Watchers watchers, CancellationToken enough)
    {
        using var calls = new UnaryCalls(node, AppendPath, 4);
        var template = new BatchTemplate(job, Batch);
        long sent = 0;
        while (!enough.IsCancellationRequested)
        {
            watchers.AwaitSlowest(sent - Window, enough);
            calls.Call(template.Fill());
            sent += Batch;
        }

        calls.Await(0);
        return sent;
    }
}
