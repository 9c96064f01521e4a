using Jobwatch.Testing.Oracle;
using Jobwatch.V1;
using Xunit;

namespace Jobwatch.EndToEnd.Tests.RandomCases;

/// <summary>Holds what a watcher kept of all its sessions against the log.</summary>
internal static class Verdict
{
    public static void AssertSawItsSlice(Watcher watcher, IReadOnlyList<ExecutionEvent> log)
    {
        var expected = Slice(watcher, log).ToList();
        var seen = watcher.Kept.Where(kept => kept.Message.Event is not null).Select(kept => kept.Message.Event).ToList();
        Assert.True(
            expected.Select(item => item.Position).SequenceEqual(seen.Select(item => item.Position)),
            $"Not its slice: {watcher}\nexpected {Positions(expected)}\nseen     {Positions(seen)}");
        foreach (var (want, got) in expected.Zip(seen))
            Assert.Equal(want, got);
        if (watcher.Kept is [{ Message.Snapshot: { } snapshot }, ..])
            AssertTrue(snapshot, watcher.Plan.Filter, log);
        foreach (var (filter, rules) in watcher.Sessions)
            AssertEndsAreTold(rules.Messages, filter, ToldJob.Of(log));
    }

    private static IEnumerable<ExecutionEvent> Slice(Watcher watcher, IReadOnlyList<ExecutionEvent> log)
    {
        long after = StartOf(watcher);
        for (int i = 0; i < watcher.Kept.Count; i++)
        {
            bool isLast = i + 1 == watcher.Kept.Count;
            if (!isLast && ReferenceEquals(watcher.Kept[i].Filter, watcher.Kept[i + 1].Filter))
                continue;
            long upTo = isLast ? long.MaxValue : watcher.Kept[i].Message.Event.Position;
            foreach (var item in Selection.Of(log, watcher.Kept[i].Filter, after).Where(item => item.Position <= upTo))
                yield return item;
            after = upTo;
        }
    }

    // A job that wasn't there had nothing to make a snapshot of.
    private static long StartOf(Watcher watcher) =>
        watcher.Start.After ?? (watcher.Kept is [{ Message.Snapshot: { } snapshot }, ..] ? snapshot.Job?.LastPosition ?? 0 : 0);

    private static void AssertTrue(Snapshot snapshot, EventFilter filter, IReadOnlyList<ExecutionEvent> log)
    {
        if (snapshot.Job is null)
            return;
        var told = ToldJob.Of(log.Take((int)snapshot.Job.LastPosition));
        var current = told.Open.Union([told.Newest])
            .Where(execution => IsWatched(execution, filter) && (filter.Statuses.Count == 0 || filter.Statuses.Contains(execution.Status)))
            .OrderByDescending(execution => execution.FirstPosition).ToList();
        Assert.Equal(told.Executions.Count, snapshot.Job.ExecutionCount);
        Assert.Equal(told.Open.Count, snapshot.Job.OpenExecutionCount);
        Assert.Equal(current.Take(100).Select(execution => execution.Id), snapshot.Executions.Select(execution => execution.ExecutionId));
        Assert.Equal(Math.Max(0, current.Count - 100), snapshot.Omitted);
        foreach (var (want, got) in current.Zip(snapshot.Executions))
            AssertTrue(want, got);
    }

    public static void AssertTrue(ToldExecution told, Execution execution)
    {
        Assert.Equal(told.Status, execution.Status);
        Assert.Equal(told.Attempt, execution.Attempt);
        Assert.Equal(told.EventCount, execution.EventCount);
        Assert.Equal(told.EventCount, execution.EventCounts.Values.Sum());
        Assert.Equal(told.FirstPosition, execution.FirstPosition);
        Assert.Equal(told.LastPosition, execution.LastPosition);
        Assert.Equal(told.Labels.OrderBy(label => label.Key), execution.Labels.OrderBy(label => label.Key));
        Assert.Equal(told.HasEnded, execution.EndTime is not null);
    }

    // Every end between two events of a session has to be told where the filter leaves out the last event.
    private static void AssertEndsAreTold(IReadOnlyList<WatchJobResponse> messages, EventFilter filter, ToldJob told)
    {
        var ends = messages.Where(message => message.ExecutionEnded is not null).Select(message => message.ExecutionEnded).ToList();
        foreach (var end in ends)
        {
            Assert.Equal(told.Executions[end.ExecutionId].Status, end.Status);
            Assert.Equal(told.Executions[end.ExecutionId].LastPosition, end.Position);
        }
        var positions = messages.Where(message => message.Event is not null).Select(message => message.Event.Position).ToList();
        if (positions.Count == 0)
            return;
        var owed = told.Executions.Values
            .Where(execution => execution.HasEnded && IsWatched(execution, filter) && !positions.Contains(execution.LastPosition))
            .Where(execution => execution.LastPosition > positions[0] && execution.LastPosition < positions[^1]);
        foreach (var execution in owed)
            Assert.Contains(ends, end => end.ExecutionId == execution.Id);
    }

    private static bool IsWatched(ToldExecution execution, EventFilter filter) =>
        (filter.ExecutionIds.Count == 0 || filter.ExecutionIds.Contains(execution.Id))
        && filter.Labels.All(wanted => execution.Labels.Any(label => $"{label.Key}={label.Value}" == wanted));

    private static string Positions(IEnumerable<ExecutionEvent> events) => string.Join(' ', events.Select(item => item.Position));
}
