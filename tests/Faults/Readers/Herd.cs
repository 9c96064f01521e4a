using Jobwatch.Faults.Tests.Sites;
using Jobwatch.Faults.Tests.Turns;
using Jobwatch.Faults.Tests.Watchers;
using Jobwatch.Testing;
using Jobwatch.V1;

namespace Jobwatch.Faults.Tests.Readers;

/// <summary>1000 watchers lose their connections at the same moment, and come back at once.</summary>
internal sealed class Herd : Fault
{
    private const int Size = 1000;

    public override string Name => "thousand-reconnect";

    public override TimeSpan Bound => TimeSpan.FromSeconds(30);

    // 1000 handshakes, twice, leave little of a slow machine to the producers.
    public override double LeastLoad => 0.03;

    public override async Task RunAsync(Scene scene)
    {
        var ways = new CallerWays(scene.Site.Nodes, scene.Site.Edges);
        scene.Stage.Owned.Add(ways);
        string job = scene.Stage.AddQuietJob().JobId;
        var herd = Enumerable.Range(0, Size).Select(number => MemberOf(job, ways, number, scene.Random)).ToList();
        herd.ForEach(scene.Stage.Add);
        await Eventually.TrueAsync(() => herd.TrueForAll(member => member.Position > 0), TimeSpan.FromSeconds(60), "the herd watches");
        int sessions = herd.Sum(member => member.Sessions);
        int cut = ways.CutAll();
        await Scene.HappensAsync(() => herd.TrueForAll(member => member.Broken > 0), "every one of the herd is cut off");
        await Scene.HappensAsync(() => herd.Sum(member => member.Sessions) >= sessions + Size, "all of the herd come back");
        Scene.Happened(cut >= Size / 2, $"only {cut} connections were cut");
    }

    private static Watcher MemberOf(string job, CallerWays ways, int number, Random random) => new(
        job,
        new EventFilter { MinLevel = LogLevel.Warn },
        [.. ways.Callers.Select(callers => number % 2 == 0 ? callers.OverGrpc : callers.OverSse)],
        number / 2 % Site.Sides,
        new Random(random.Next()));
}
