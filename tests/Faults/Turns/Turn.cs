using Jobwatch.Faults.Tests.Load;
using Jobwatch.Faults.Tests.Sites;
using Jobwatch.Faults.Tests.Watchers;
using Jobwatch.Testing;

namespace Jobwatch.Faults.Tests.Turns;

/// <summary>One fault under load, from the first event to the account.</summary>
/// <param name="site">Where it happens.</param>
/// <param name="fault">What happens.</param>
/// <param name="run">How many turns with this fault there were before.</param>
/// <param name="settings">How long.</param>
internal sealed class Turn(Site site, Fault fault, int run, TurnSettings settings)
{
    /// <summary>In megabytes. What grew with a backlog, a watcher's slowness or a fault's length would be far above it.</summary>
    private const double MemoryLimit = 700;

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(10);

    private readonly List<double> _recoveries = [];

    public async Task<TurnResult> RunAsync()
    {
        // Whatever other faults came before it, the same run of a fault by the same seed is the same.
        var random = new Random(HashCode(settings.Seed, fault.Name, run));
        await using var memory = new MemoryWatch(site);
        await using var stage = new Stage(site, $"{fault.Name}-{run}", random);
        var account = default(Account);
        var took = TimeSpan.Zero;
        string? failure;
        try
        {
            long begin = TimeProvider.System.GetTimestamp();
            await stage.StartAsync();
            await Hold.ForAsync(settings.Before);
            took = await BreakAsync(new Scene(site, stage, new Random(random.Next()), settings.IsLong));
            await RecoverAsync(stage);
            await Hold.ForAsync(settings.Whole - TimeProvider.System.GetElapsedTime(begin));
            stage.ThrowIfFailed();
            var lasted = TimeProvider.System.GetElapsedTime(begin);
            long appends = stage.Appends;
            await stage.EndAsync(fault.Bound);
            (account, failure) = await Account.CloseAsync(site, stage);
            failure ??= TooLittle(appends, lasted) ?? TooMuch(memory);
        }
        catch (Exception wrong)
        {
            failure = $"{stage.Failure ?? wrong.Message}\n{site.Errors}";
        }
        return new TurnResult(
            fault.Name,
            stage.Appends,
            account,
            stage.Watchers.Count,
            stage.Watchers.Sum(watcher => watcher.Broken),
            took,
            _recoveries,
            [.. stage.Watchers.Select(watcher => watcher.LongestWait.TotalSeconds)],
            memory.Node,
            memory.Edge,
            failure);
    }

    private async Task<TimeSpan> BreakAsync(Scene scene)
    {
        long begin = TimeProvider.System.GetTimestamp();
        await fault.RunAsync(scene);
        return TimeProvider.System.GetElapsedTime(begin);
    }

    // A watcher has recovered when it sees something that was sent to its job after the fault was over.
    private async Task RecoverAsync(Stage stage)
    {
        long healed = TimeProvider.System.GetTimestamp();
        foreach (var load in stage.Loads)
            load.Healed(healed);
        var waiting = stage.Watchers.ToList();
        using var timer = new PeriodicTimer(LookInterval);
        while (waiting.Count > 0)
        {
            stage.ThrowIfFailed();
            var elapsed = TimeProvider.System.GetElapsedTime(healed);
            var first = stage.Loads.ToDictionary(load => load.JobId, load => load.FirstAfterFault);
            int recovered = waiting.RemoveAll(watcher => watcher.Position >= (first[watcher.JobId] ?? long.MaxValue));
            _recoveries.AddRange(Enumerable.Repeat(elapsed.TotalSeconds, recovered));
            if (waiting.Count > 0 && elapsed > fault.Bound)
                throw new TimeoutException(Late(stage, waiting));
            await timer.WaitForNextTickAsync();
        }
    }

    private string Late(Stage stage, List<Watcher> waiting)
    {
        var unanswered = stage.Loads.Where(load => load.FirstAfterFault is null).Select(load => load.JobId).ToList();
        return $"{waiting.Count} of {stage.Watchers.Count} watchers did not recover within {fault.Bound.TotalSeconds} s; "
            + $"nothing was acknowledged after the fault to {unanswered.Count} jobs; {waiting[0]}";
    }

    private string? TooLittle(long appends, TimeSpan lasted)
    {
        double least = StageSize.AppendsPerSecond * lasted.TotalSeconds * fault.LeastLoad;
        return appends >= least ? null : $"The load was too low: {appends} appends in {lasted.TotalSeconds:0} s, at least {least:0} were to be";
    }

    private static string? TooMuch(MemoryWatch memory) => memory.Node <= MemoryLimit && memory.Edge <= MemoryLimit
        ? null
        : $"Memory grew: node {memory.Node:0} MB, edge {memory.Edge:0} MB, at most {MemoryLimit} were to be";

    // A string's own hash code is another one in each process.
    private static int HashCode(int seed, string fault, int run) =>
        fault.Aggregate(unchecked((seed * 31) + run), (hash, letter) => unchecked((hash * 31) + letter));
}
