using Jobwatch.Bench.FanOut;
using Jobwatch.Bench.Figures;
using Jobwatch.Bench.Machine;
using Jobwatch.Bench.Peers.Kestrel;
using Jobwatch.Bench.Peers.Nchan;
using Jobwatch.Bench.Peers.SignalR;
using Jobwatch.Bench.Servers;
using Jobwatch.Bench.Watching;

namespace Jobwatch.Bench.Scenarios;

/// <summary>
/// What an idle watcher costs in memory: of the edge, and in a full run of the node behind it and of peers. On servers that did nothing before.
/// </summary>
internal sealed class MemoryScenario() : Scenario("memory", isDefault: true)
{
    private const int WarmUps = 4;
    private const int WarmUpWatchers = 250;
    private const int FirstWatchers = 2000;
    private const int FurtherWatchers = 8000;

    private static readonly IReadOnlyList<Func<FanOutServer>> Peers = [() => new NchanPeer(), () => new KestrelPeer(), () => new SignalRSse()];

    public override async Task RunAsync(Plan plan, Stage stage, Report report)
    {
        const string Row = "memory of an idle SSE watcher";
        var samples = new List<Sample>();
        for (var round = 0; round < plan.SlowRounds; round++)
        {
            samples.Add(await MeasureAsync(stage, plan.OnlyGoals));
        }

        Figure Of(string what, string unit, Func<Sample, double> value, Goal? goal = null) =>
            new($"{Row}: {what}", unit, [.. samples.Select(value)], goal);
        report.Add(
            Of("edge", "KiB PSS", sample => sample.First.Edge / FirstWatchers, Goal.AtMost(20)),
            Of("edge without watchers", "MiB PSS", sample => sample.Alone.Edge / 1024),
            Of("node without watchers", "MiB PSS", sample => sample.Alone.Node / 1024));
        if (!plan.OnlyGoals)
        {
            report.Add(
                Of("node, each further one", "KiB PSS", sample => sample.Further.Node / FurtherWatchers, Goal.AtMost(0.5)),
                Of("edge, of it live objects", "KiB", sample => sample.FirstLive.Edge / FirstWatchers),
                Of("node, each further one, of it live objects", "KiB", sample => sample.FurtherLive.Node / FurtherWatchers));
            foreach (var make in Peers)
            {
                await AddPeerAsync(make, plan.SlowRounds, Row, report);
            }
        }
    }

    private static async Task AddPeerAsync(Func<FanOutServer> make, int rounds, string row, Report report)
    {
        var samples = new List<double>();
        var name = "";
        try
        {
            while (samples.Count < rounds)
            {
                await using var peer = make();
                name = peer.Name;
                await peer.StartAsync();
                samples.Add(MeasurePeer(peer));
            }

            report.Add(new Figure($"{row}: {name}", "KiB PSS", samples, null));
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or TimeoutException or InvalidOperationException)
        {
            report.AddFailure($"{row}: {name}", failure);
        }
    }

    private static double MeasurePeer(FanOutServer peer)
    {
        var topic = peer.MakeTopics(1)[0];
        Watchers Connect(int count) => new(Enumerable.Repeat(() => peer.Watch(topic), count));
        for (var i = 0; i < WarmUps; i++)
        {
            Connect(WarmUpWatchers).Dispose();
        }

        using var one = Connect(1);
        var alone = PssAtRest(one);
        using var watchers = Connect(FirstWatchers);
        return (PssAtRest(watchers) - alone) / FirstWatchers;

        double PssAtRest(Watchers idle)
        {
            // Some have more than one process.
            _ = ProcessMemory.AtRest([], idle.ReadFor);
            return peer.Meter.ProcessIds.Sum(ProcessMemory.PssOfTree);
        }
    }

    private static async Task<Sample> MeasureAsync(Stage used, bool isBrief)
    {
        await using var stage = await used.FreshAsync();
        var jobwatch = new JobwatchServer(stage);
        await jobwatch.StartAsync();
        var servers = await stage.EdgeAsync();
        var job = jobwatch.MakeTopics(1)[0];
        Watchers Connect(int count) => new(Enumerable.Repeat(() => jobwatch.Watch(job), count));

        // Code is compiled for a while as watchers come: that is not their cost.
        for (var i = 0; i < WarmUps; i++)
        {
            Connect(WarmUpWatchers).Dispose();
        }

        using var one = Connect(1);
        var (alone, aloneLive) = await ReadAsync(servers, one, isBrief);
        using var watchers = Connect(FirstWatchers);
        var (first, firstLive) = await ReadAsync(servers, watchers, isBrief);
        if (isBrief)
        {
            return new Sample(alone, first - alone, Kib.None, Kib.None, Kib.None);
        }

        // Each watcher reads history by a stream of its own before it shares one: the first ones also show what that leaves behind.
        using var further = Connect(FurtherWatchers);
        var (all, allLive) = await ReadAsync(servers, further, isBrief);
        return new Sample(alone, first - alone, all - first, firstLive - aloneLive, allLive - firstLive);
    }

    // As it comes to rest by itself; and what is left of it by a collection, which no goal is about.
    private static async Task<(Kib Pss, Kib Live)> ReadAsync(EdgeStage servers, Watchers watchers, bool isBrief)
    {
        var rested = ProcessMemory.AtRest([servers.EdgeProcessId, servers.Node.NodeProcessId], watchers.ReadFor);
        return (
            new Kib(rested[0], rested[1]),
            isBrief ? Kib.None : new Kib(
                await new LiveHeap(servers.EdgeProcessId, servers.Edge).MeasureAsync(),
                await new LiveHeap(servers.Node.NodeProcessId, servers.Node.Monitoring).MeasureAsync()));
    }

    private sealed record Kib(double Edge, double Node)
    {
        public static Kib None { get; } = new(0, 0);

        public static Kib operator -(Kib left, Kib right) => new(left.Edge - right.Edge, left.Node - right.Node);
    }

    // All but the first are growths: of the first watchers, and of those after them.
    private sealed record Sample(Kib Alone, Kib First, Kib Further, Kib FirstLive, Kib FurtherLive);
}
