using System.Collections.Concurrent;
using System.Globalization;
using Jobwatch.Faults.Tests.Sites;
using Jobwatch.Faults.Tests.Turns;
using Jobwatch.Testing;
using Jobwatch.Testing.Producing;
using Jobwatch.Testing.Watching;
using Jobwatch.V1;

namespace Jobwatch.Faults.Tests.Network;

/// <summary>
/// The way from a node to the store delays now one thing and now another, so that what happens together is heard of in any order; and
/// meanwhile watchers join jobs to which just then a last event is recorded. It has to be pushed to them: the next sweep would be too late.
/// </summary>
internal sealed class StoreDelays : Fault
{
    private const int Rounds = 8;
    private const int JoinsOfRound = 40;
    private const double Often = 0.5;

    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(300);

    /// <summary>What 95 of 100 may take that are pushed on a busy machine, or read one delayed page. A sweep comes every two seconds.</summary>
    private static readonly TimeSpan Pushed = TimeSpan.FromSeconds(1);

    public override string Name => "store-delays";

    // A commit takes two ways to the store and back.
    public override double LeastLoad => 0.05;

    // A node that begins to listen for others' hints to a job sweeps at once: that would be a push of its own.
    public override async Task<Site> OwnSiteAsync() => await Site.StartAsync(
        nodeSettings: [("Hints__Transport", "None"), ("Live__SweepInterval", "00:00:02")]);

    public override async Task RunAsync(Scene scene)
    {
        int side = scene.AnySide();
        var lateness = new ConcurrentBag<TimeSpan>();
        int delays = 0;
        int seed = scene.Random.Next();
        scene.Site.ToStore[side].Delay = () =>
        {
            int number = Interlocked.Increment(ref delays);
            return new Random(seed + number).Chance(Often) ? Delay : TimeSpan.Zero;
        };
        try
        {
            for (int round = 0; round < Rounds; round++)
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"joins-{seed}-{round}");
                await Task.WhenAll(Enumerable.Range(0, JoinsOfRound).Select(i => JoinAsync(scene, side, $"{name}.{i}", new Random(scene.Random.Next()), lateness)));
            }
        }
        finally
        {
            scene.Site.ToStore[side].Delay = null;
        }
        Scene.Happened(delays > Rounds * JoinsOfRound, "nothing was delayed");
        var late = lateness.Order().ElementAt((int)(lateness.Count * 0.95));
        if (late > Pushed)
            throw new TimeoutException($"5 of 100 watchers that joined waited for longer than {late.TotalMilliseconds:0} ms: they were not pushed to");
    }

    private static async Task JoinAsync(Scene scene, int side, string jobId, Random random, ConcurrentBag<TimeSpan> lateness)
    {
        var callers = scene.Site.Callers[side];
        var worker = new Worker(callers.Records, jobId);
        // A watch that begins behind what there is reads nothing that could make up for what it was not told.
        string cursor = (await worker.StartAsync()).Cursor;
        var (before, between) = (random.Next(100), random.Next(600));
        async Task<long> AppendAsync()
        {
            await Hold.ForAsync(TimeSpan.FromMilliseconds(before));
            await worker.LogAsync();
            return TimeProvider.System.GetTimestamp();
        }
        var appending = AppendAsync();
        await Hold.ForAsync(TimeSpan.FromMilliseconds(between));
        var request = new WatchJobRequest { JobId = jobId, Start = new WatchStart { Cursor = cursor } };
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await using Session session = await callers.OverGrpc.OpenAsync(request, patience.Token);
        long opened = TimeProvider.System.GetTimestamp();
        await foreach (var message in session.Messages)
        {
            if (message.Event is { Position: 2 })
                break;
        }
        long seen = TimeProvider.System.GetTimestamp();
        lateness.Add(TimeProvider.System.GetElapsedTime(Math.Max(opened, await appending), seen));
    }
}
