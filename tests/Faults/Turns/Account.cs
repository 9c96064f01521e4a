using Jobwatch.Faults.Tests.Load;
using Jobwatch.Faults.Tests.Sites;
using Jobwatch.Faults.Tests.Watchers;
using Jobwatch.Testing.Oracle;
using Jobwatch.V1;
using Xunit;

namespace Jobwatch.Faults.Tests.Turns;

/// <summary>Holds what producers were told and what watchers saw against the database.</summary>
/// <param name="Acknowledged">Events that a producer was told of.</param>
/// <param name="Stored">Events that are there.</param>
/// <param name="Lost">Acknowledged ones that are not there, and such that a watcher did not see.</param>
/// <param name="Repeated">Ids that are there more than once, and events that a watcher saw more than once.</param>
internal readonly record struct Account(long Acknowledged, long Stored, long Lost, long Repeated)
{
    /// <summary>Counts first, so that a failure says how much is wrong; then holds all of it to be right.</summary>
    public static async Task<(Account Account, string? Failure)> CloseAsync(Site site, Stage stage)
    {
        var total = default(Account) with { Acknowledged = stage.Acknowledged.Count };
        string? failure = null;
        foreach (var load in stage.Loads)
        {
            try
            {
                var log = await StoredLog.ReadAsync(site.ConnectionString, Site.Tenant, load.JobId);
                // Many watchers have the same filter.
                var watchers = stage.Watchers.Where(watcher => watcher.JobId == load.JobId)
                    .GroupBy(watcher => watcher.Filter).SelectMany(same => WithSlice(same, Selection.Of(log, same.Key))).ToList();
                total += CountStored(stage, load, log) + CountSeen(watchers);
                stage.Acknowledged.AssertHeldBy(log, load.JobId);
                AssertSeen(watchers);
            }
            catch (Exception wrong) when (wrong is Xunit.Sdk.IAssertionException)
            {
                failure ??= $"{load.JobId}: {wrong.Message}";
            }
        }
        return (total, failure ?? (total.Lost + total.Repeated > 0 ? total.ToString() : null));
    }

    public static Account operator +(Account one, Account other) => new(
        one.Acknowledged + other.Acknowledged, one.Stored + other.Stored, one.Lost + other.Lost, one.Repeated + other.Repeated);

    private static Account CountStored(Stage stage, JobLoad load, IReadOnlyList<ExecutionEvent> log)
    {
        var ids = log.Select(item => item.EventId).ToHashSet();
        return new Account(0, log.Count, stage.Acknowledged.IdsOf(load.JobId).Count(id => !ids.Contains(id)), log.Count - ids.Count);
    }

    private static IEnumerable<(Watcher Watcher, IReadOnlyList<ExecutionEvent> Slice)> WithSlice(
        IEnumerable<Watcher> watchers, IReadOnlyList<ExecutionEvent> slice) => watchers.Select(watcher => (watcher, slice));

    private static Account CountSeen(List<(Watcher Watcher, IReadOnlyList<ExecutionEvent> Slice)> watchers)
    {
        var (lost, repeated) = (0L, 0L);
        foreach (var (watcher, slice) in watchers)
        {
            var seen = watcher.Seen.Select(item => item.Position).ToHashSet();
            repeated += watcher.Seen.Count - seen.Count;
            lost += slice.Count(item => !seen.Contains(item.Position));
        }
        return new Account(0, 0, lost, repeated);
    }

    private static void AssertSeen(List<(Watcher Watcher, IReadOnlyList<ExecutionEvent> Slice)> watchers)
    {
        foreach (var (watcher, slice) in watchers)
        {
            Assert.True(
                slice.Select(item => item.Position).SequenceEqual(watcher.Seen.Select(item => item.Position)), $"Not its slice: {watcher}");
            foreach (var (want, got) in slice.Zip(watcher.Seen))
                Assert.Equal(want, got);
        }
    }
}
