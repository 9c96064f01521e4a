using Jobwatch.Faults.Tests.Load;
using Jobwatch.Faults.Tests.Sites;
using Jobwatch.Testing.Oracle;
using Jobwatch.Testing.Producing;
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
    /// <summary>Of all jobs of a stage.</summary>
    public static async Task<(Account Account, string? Failure)> CloseAsync(Site site, Stage stage)
    {
        var total = default(Account);
        string? failure = null;
        foreach (var load in stage.Loads)
        {
            var views = stage.Watchers.Where(watcher => watcher.JobId == load.JobId)
                .Select(watcher => new View(watcher.ToString(), watcher.Filter, watcher.Seen));
            try
            {
                var log = await StoredLog.ReadAsync(site.ConnectionString, Site.Tenant, load.JobId);
                (var ofJob, string? wrong) = Of(stage.Acknowledged, load.JobId, log, views);
                total += ofJob;
                failure ??= wrong;
            }
            catch (Exception wrong) when (wrong is Xunit.Sdk.IAssertionException)
            {
                failure ??= $"{load.JobId}: {wrong.Message}";
            }
        }
        return (total with { Acknowledged = stage.Acknowledged.Count }, failure);
    }

    /// <summary>Of one job. Counts first, so that a failure says how much is wrong; then holds all of it to be right.</summary>
    public static (Account Account, string? Failure) Of(
        Acknowledged acknowledged, string jobId, IReadOnlyList<ExecutionEvent> log, IEnumerable<View> views)
    {
        var account = default(Account);
        try
        {
            account += CountStored(acknowledged.IdsOf(jobId), log);
            // Many watchers have the same filter.
            var slices = views.GroupBy(view => view.Filter).SelectMany(same => WithSlice(same, Selection.Of(log, same.Key))).ToList();
            account += CountSeen(slices);
            acknowledged.AssertHeldBy(log, jobId);
            AssertSeen(slices);
        }
        catch (Exception wrong) when (wrong is Xunit.Sdk.IAssertionException)
        {
            return (account, $"{jobId}: {wrong.Message}");
        }
        return (account, account.Lost + account.Repeated > 0 ? $"{jobId}: {account}" : null);
    }

    public static Account operator +(Account one, Account other) => new(
        one.Acknowledged + other.Acknowledged, one.Stored + other.Stored, one.Lost + other.Lost, one.Repeated + other.Repeated);

    private static Account CountStored(IReadOnlyList<string> acknowledged, IReadOnlyList<ExecutionEvent> log)
    {
        var ids = log.Select(item => item.EventId).ToHashSet();
        return new Account(acknowledged.Count, log.Count, acknowledged.Count(id => !ids.Contains(id)), log.Count - ids.Count);
    }

    private static IEnumerable<(View View, IReadOnlyList<ExecutionEvent> Slice)> WithSlice(
        IEnumerable<View> views, IReadOnlyList<ExecutionEvent> slice) => views.Select(view => (view, slice));

    private static Account CountSeen(List<(View View, IReadOnlyList<ExecutionEvent> Slice)> slices)
    {
        var (lost, repeated) = (0L, 0L);
        foreach (var (view, slice) in slices)
        {
            var seen = view.Seen.Select(item => item.Position).ToHashSet();
            repeated += view.Seen.Count - seen.Count;
            lost += slice.Count(item => !seen.Contains(item.Position));
        }
        return new Account(0, 0, lost, repeated);
    }

    private static void AssertSeen(List<(View View, IReadOnlyList<ExecutionEvent> Slice)> slices)
    {
        foreach (var (view, slice) in slices)
        {
            Assert.True(
                slice.Select(item => item.Position).SequenceEqual(view.Seen.Select(item => item.Position)), $"Not its slice: {view.Watcher}");
            foreach (var (want, got) in slice.Zip(view.Seen))
                Assert.Equal(want, got);
        }
    }
}
