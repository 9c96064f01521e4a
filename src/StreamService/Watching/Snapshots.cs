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

    /// <summary>How many executions to read.</summary>
    public static int ReadLimit(CompiledFilter filter) => filter.SelectsAllExecutions ? Shown : Searched;

    public static Snapshot Of(JobSnapshot snapshot, CompiledFilter filter, Cursor cursor)
    {
        snapshot.Job.Cursor = cursor.ToString();
        var selected = snapshot.Executions
            .Select(record => record.Execution)
            .Where(execution => filter.SelectsExecution(execution.ExecutionId)
                && filter.SelectsStatus(execution.Status) && filter.SelectsLabels(execution.Labels))
            .ToList();
        var shown = new Snapshot
        {
            Job = snapshot.Job,
            Omitted = snapshot.Omitted + selected.Skip(Shown).Count(execution => !ExecutionLife.HasEnded(execution.Status)),
        };
        shown.Executions.AddRange(selected.Take(Shown));
        return shown;
    }
}
