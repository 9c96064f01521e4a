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
/// What the store says to a question is now and then long on its way to a node, what it says to a commit is not; so that what happens together
/// is heard of in any order. Meanwhile watchers join jobs to which just then a last event is recorded. It has to be pushed to them: the next
/// sweep would be too late. Many of them are told of a head that is no longer the last when they hear of it.
/// </summary>
internal sealed class StoreDelays : Fault
{
    private const int Rounds = 8;
    private const int JoinsOfRound = 40;
    private const double Often = 0.5;

    // What a node sends to commit events is longer than what it sends to ask for something.
    private const int QuestionBytes = 400;

    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(250);

    /// <summary>What 95 of 100 may take that are pushed on a busy machine, or read one delayed page. A sweep comes every two seconds.</summary>
    private static readonly TimeSpan Pushed = TimeSpan.FromMilliseconds(700);

    public override string Name => "store-delays";

    // A commit takes two replies of the store.
    public override double LeastLoad => 0.05;

    // A node that begins to listen for others' hints to a job sweeps at once: that would be a push of its own.
    public override async Task<Site> OwnSiteAsync() => await Site.StartAsync(
        new SitePlan { NodeSettings = [("Hints__Transport", "None"), ("Live__SweepInterval", "00:00:02")] });

    public override async Task RunAsync(Scene scene)
    {
        int side = scene.AnySide();
        var lateness = new ConcurrentBag<TimeSpan>();
        int delays = 0;
        int seed = scene.Random.Next();
        scene.Site.ToStore[side].ReplyDelay = asked =>
        {
            if (asked > QuestionBytes)
                return TimeSpan.Zero;
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
            scene.Site.ToStore[side].ReplyDelay = null;
        }
        Scene.Happened(delays > Rounds * JoinsOfRound, "hardly anything was delayed");
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
        async Task AppendAsync()
        {
            // While the watch may wait for what was true before.
            await Hold.ForAsync(TimeSpan.FromMilliseconds(random.Next(200)));
            await worker.LogAsync();
        }
        var appending = AppendAsync();
        var request = new WatchJobRequest { JobId = jobId, Start = new WatchStart { Cursor = cursor } };
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await using Session session = await callers.OverGrpc.OpenAsync(request, patience.Token);
        await appending;
        long due = TimeProvider.System.GetTimestamp();
        await foreach (var message in session.Messages)
        {
            if (message.Event is { Position: 2 })
                break;
        }
        lateness.Add(TimeProvider.System.GetElapsedTime(due));
    }
}
