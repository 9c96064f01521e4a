using Jobwatch.StreamService.Filters;
using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Watching;

/// <summary>
/// How watches look at the store to begin. The watchers of one job that come together, as all of an edge's do when it starts anew, share
/// their looks: so their number asks PostgreSQL neither for as many queries nor for a process each.
/// </summary>
internal sealed class SharedLooks(TimeProvider time, JournalReader journal, CatalogReader catalog)
{
    // Others wait for the same answer: what isn't answered in time is asked again on another connection.
    private const int SnapshotSeconds = 5;

    private readonly SharedAnswers<JobKey, JobHead?> _heads = new(time, journal.FindJobAsync);
    private readonly SharedAnswers<JobKey, JobSnapshot?> _snapshots =
        new(time, (job, leaving) => catalog.SnapshotAsync(job, Snapshots.Query(CompiledFilter.Compile(null)) with { Seconds = SnapshotSeconds }, leaving));

    /// <inheritdoc cref="JournalReader.FindJobAsync"/>
    public Task<JobHead?> FindJobAsync(JobKey job, CancellationToken cancellation) => _heads.AskAsync(job, cancellation);

    /// <summary>The job and those of its current executions that a filter selects, at one moment, or null if there is no such job. Others may have the same.</summary>
    public Task<JobSnapshot?> SnapshotAsync(JobKey job, CompiledFilter filter, CancellationToken cancellation) => filter.SelectsAllExecutions
        ? _snapshots.AskAsync(job, cancellation)
        : catalog.SnapshotAsync(job, Snapshots.Query(filter), cancellation);
}
