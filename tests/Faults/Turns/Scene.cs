using Jobwatch.Faults.Tests.Load;
using Jobwatch.Faults.Tests.Sites;
using Jobwatch.Faults.Tests.Watchers;
using Jobwatch.Testing;
using Xunit;

namespace Jobwatch.Faults.Tests.Turns;

/// <summary>What a fault meets: a site under load.</summary>
/// <param name="Site">The processes.</param>
/// <param name="Stage">The load.</param>
/// <param name="Random">Decides whom it hits.</param>
/// <param name="IsLong">It may take its time: not one of the tests that always run.</param>
internal sealed record Scene(Site Site, Stage Stage, Random Random, bool IsLong)
{
    // More than is on its way.
    private const int Behind = 100;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    /// <summary>A node or an edge, by its side.</summary>
    public int AnySide() => Random.Next(Site.Sides);

    /// <summary>Sessions of watchers that broke so far.</summary>
    public int Broken => Stage.Watchers.Sum(watcher => watcher.Broken);

    /// <summary>Does something, and waits until watchers noticed: a fault that nobody notices did not happen.</summary>
    public async Task BreaksWatchersAsync(Func<Task> act)
    {
        int before = Broken;
        await act();
        await HappensAsync(() => Broken > before, "watchers' sessions break");
    }

    /// <summary>Waits for the sign that the fault happened.</summary>
    public static Task HappensAsync(Func<bool> sign, string what) => Eventually.TrueAsync(sign, Soon, $"the fault happens: {what}");

    /// <inheritdoc cref="HappensAsync(Func{bool}, string)"/>
    public static Task HappensAsync(Func<Task<bool>> sign, string what) => Eventually.TrueAsync(_ => sign(), Soon, $"the fault happens: {what}");

    /// <summary>Fails where there is no sign of the fault.</summary>
    public static void Happened(bool sign, string what) => Assert.True(sign, $"The fault did not happen: {what}");

    /// <summary>Watchers that are at a side now.</summary>
    public IEnumerable<Watcher> WatchersAt(int side) => Stage.Watchers.Where(watcher => watcher.Place == side);

    /// <summary>A watcher that is at a side now is far behind what was recorded.</summary>
    public bool HasLaggardAt(int side)
    {
        var heads = Stage.Loads.ToDictionary(load => load.JobId, load => load.Head);
        return WatchersAt(side).Any(watcher => heads[watcher.JobId] - watcher.Position > Behind);
    }

    /// <summary>Of a site with Redis.</summary>
    public RedisWays RedisWays => Site.Redis ?? throw new InvalidOperationException("It needs a site with Redis.");

    /// <summary>Waits until each node hears of what the others commit.</summary>
    public async Task HintsComeAsync()
    {
        foreach (var node in Site.Nodes)
        {
            double heard = await NodeMetrics.ReadAsync(node, "hints_received_total");
            await HappensAsync(async () => await NodeMetrics.ReadAsync(node, "hints_received_total") > heard, "hints come");
        }
    }

    /// <summary>Done when every watcher has seen all that is acknowledged now.</summary>
    public Task KeepUpAsync(TimeSpan bound, string what) =>
        Stage.EveryoneIsAtAsync(Stage.Loads.ToDictionary(load => load.JobId, load => load.Head), bound, what);
}
