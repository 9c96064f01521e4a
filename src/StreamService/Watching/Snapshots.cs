using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Filters;
using Jobwatch.StreamService.Journal;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Watching;

/// <summary>The snapshot that a watch begins with: of the job's current executions, those that the filter selects.</summary>
internal static class Snapshots
{
    private const int Shown = 100;

    /// <summary>A filter may select executions from behind the newest; so many open ones are looked through for it.</summary>
    private const int Searched = 10_000;

    /// <summary>What to read for it.</summary>
    public static SnapshotQuery Query(CompiledFilter filter) => new(filter.SelectsAllExecutions ? Shown : Searched)
    {
        Shown = Shown,
        ExecutionIds = filter.ExecutionIds,
        Statuses = filter.Statuses,
        Labels = filter.Labels,
    };

    public static Snapshot Of(JobSnapshot snapshot, Cursor cursor)
    {
        // A job of one's own: others may share the snapshot.
        var shown = new Snapshot { Job = snapshot.Job.Clone(), Omitted = snapshot.Omitted };
        shown.Job.Cursor = cursor.ToString();
        shown.Executions.AddRange(snapshot.Executions.Select(record => record.Execution));
        return shown;
    }
}
