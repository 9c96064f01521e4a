using Jobwatch.Testing.Producing;
using Jobwatch.V1;

namespace Jobwatch.EndToEnd.Tests.RandomCases;

/// <summary>What one watcher will do.</summary>
/// <param name="JobId">The job that it watches.</param>
/// <param name="Start">Where; what isn't known beforehand is drawn when it attaches.</param>
/// <param name="AttachAt">When this part of all batches was answered, 0 to 1.</param>
/// <param name="Filter">Its first filter.</param>
internal sealed record WatchPlan(string JobId, WatchStart.FromOneofCase Start, double AttachAt, EventFilter Filter)
{
    /// <summary>It ends with the executions that its filter names.</summary>
    public bool UntilEnd { get; private init; }

    public static WatchPlan Draw(Random random, string jobId, IReadOnlyList<PlannedAppend> appends)
    {
        var events = appends.Where(append => append.JobId == jobId && !append.MayBeRefused).SelectMany(append => append.Events).ToList();
        var executions = events.Select(item => item.ExecutionId).Distinct().ToList();
        var ending = events.Where(IsEnd).Select(item => item.ExecutionId).Distinct().ToList();
        var filter = RandomFilters.Draw(random, executions);
        double attachAt = random.Chance(0.5) ? 0 : random.NextDouble();
        bool untilEnd = ending.Count > 0 && random.Chance(0.2);
        if (untilEnd)
        {
            filter.ExecutionIds.Clear();
            filter.ExecutionIds.Add(Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Pick(ending)).Distinct());
        }
        // What ended before a watch begins can't be told apart from what it may still wait for, so such a watch begins at the beginning.
        var start = untilEnd ? WatchStart.FromOneofCase.Beginning : (WatchStart.FromOneofCase)random.Next(0, 6);
        return new WatchPlan(jobId, start, attachAt, filter) { UntilEnd = untilEnd };
    }

    private static bool IsEnd(ExecutionEvent item) =>
        item.ExecutionSucceeded is not null || item.ExecutionFailed is not null || item.ExecutionCancelled is not null;
}
