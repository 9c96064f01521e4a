using System.Globalization;
using Jobwatch.Client;
using Jobwatch.EndToEnd.Tests.Deployments;
using Jobwatch.Testing.Memory;
using Jobwatch.Testing.Producing;
using Jobwatch.Testing.Watching;
using Jobwatch.V1;
using Xunit;

namespace Jobwatch.EndToEnd.Tests.SlowWatchers;

/// <summary>Alone on the machine, as it measures time and memory.</summary>
[Collection(nameof(Alone))]
public sealed class SlowWatcherTests(ITestOutputHelper output)
{
    private const string Job = "job";
    private const int EventsPerSecond = 1000;
    private const int EventBytes = 1000;

    /// <summary>Of each kind, so that what each of them costs shows.</summary>
    private const int Stalled = 20;

    /// <summary>
    /// In megabytes. A new process takes about 60 MB more in its first minute of work whoever watches; what held back events
    /// for those who don't read would take 40 MB more each second.
    /// </summary>
    private const double AllowedGrowth = 80;

    /// <summary>A second, in milliseconds; the machine may be busy with other things.</summary>
    private const double AllowedLatency = 1000;

    /// <summary>In which the stalled watchers' buffers fill.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    // tests/slow-watcher.sh asks for more.
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(
        int.Parse(Environment.GetEnvironmentVariable("JOBWATCH_SLOW_SECONDS") ?? "10", CultureInfo.InvariantCulture));

    [Fact]
    public async Task Watchers_that_never_read_cost_neither_memory_nor_their_siblings_time()
    {
        await using var deployment = await Deployment.StartAsync();
        var worker = new Worker(deployment.Local.Records, Job, padding: EventBytes);
        await worker.StartAsync();
        List<Sibling> siblings = [new(deployment.Local.OverGrpc, Job), new(deployment.Local.OverSse, Job)];
        var reading = siblings.Select(sibling => sibling.RunAsync()).ToList();
        await using var load = new SteadyLoad(worker, EventsPerSecond);
        await SampleAsync(Settling);
        await Task.WhenAll(siblings.Select(sibling => sibling.KeptUpAsync(() => load.Acknowledged)));
        siblings.ForEach(sibling => sibling.TakeLatencies());
        await SampleAsync(Duration / 2);
        var alone = siblings.Select(sibling => sibling.TakeLatencies()).ToList();

        using var smallSockets = SmallSocket.Client(deployment.Edge.Address);
        await using var library = new JobwatchClient(new JobwatchClientOptions { Address = deployment.Node.Address });
        var stalled = await StallAsync(new SseTransport(smallSockets, ResumeBy.Header, reconciliationsRoute: false), new LibraryTransport(library));
        await SampleAsync(Settling);
        var node = new MemorySeries(deployment.Node);
        var edge = new MemorySeries(deployment.Edge);
        siblings.ForEach(sibling => sibling.TakeLatencies());
        long before = load.Acknowledged;
        await SampleAsync(Duration, node, edge);
        var beside = siblings.Select(sibling => sibling.TakeLatencies()).ToList();
        long written = load.Acknowledged - before;
        await load.StopAsync();
        long last = (await worker.EndAsync()).Positions[0];
        await Task.WhenAll(reading);

        output.WriteLine($"{Duration.TotalSeconds} s, {written} events of {EventBytes} bytes, {Stalled} watchers of each kind that don't read");
        output.WriteLine($"node: {node}");
        output.WriteLine($"edge: {edge}");
        output.WriteLine($"gRPC sibling: before them {alone[0]}; beside them {beside[0]}");
        output.WriteLine($"SSE sibling: before them {alone[1]}; beside them {beside[1]}");
        Assert.InRange(node.Growth, double.MinValue, AllowedGrowth);
        Assert.InRange(edge.Growth, double.MinValue, AllowedGrowth);
        Assert.All(beside, latencies => Assert.InRange(latencies.Percentile(0.99), 0, AllowedLatency));
        Assert.True(written > Duration.TotalSeconds * EventsPerSecond * 0.9, $"Only {written} events were written");
        // The first and the last of the stalled ones wake up: nothing was dropped for them.
        Assert.Equal(last, await CountAsync(stalled[0]));
        Assert.Equal(last, await CountAsync(stalled[^1]));
        foreach (var session in stalled)
            await session.DisposeAsync();
    }

    private static async Task<List<Session>> StallAsync(params IEnumerable<Transport> transports)
    {
        var request = new WatchJobRequest { JobId = Job, Start = new WatchStart { Beginning = true }, UntilExecutionEnds = true };
        var stalled = new List<Session>();
        foreach (var transport in transports)
        {
            for (int i = 0; i < Stalled; i++)
                stalled.Add(await transport.OpenAsync(request, CancellationToken.None));
        }
        return stalled;
    }

    // A measurement takes its time: this waits for nothing else.
    private static async Task SampleAsync(TimeSpan duration, params IReadOnlyList<MemorySeries> series)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        long begin = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(begin) < duration)
        {
            foreach (var one in series)
                one.Sample();
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    private static async Task<long> CountAsync(Session session)
    {
        long position = 0;
        await foreach (var message in session.Messages)
            Assert.Equal(message.Event is null ? position : ++position, message.Event?.Position ?? position);
        return position;
    }
}
