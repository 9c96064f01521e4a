using Jobwatch.StreamService.Filters;
using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Watching;

/// <summary>
/// How watches look at the store to begin. The watchers of one job that come together, as all of an edge's do when it starts anew, share
/// their looks: so their number asks PostgreSQL neither for as many queries nor for a process each.
/// </summary>
internal sealed class SharedLooks(JournalReader journal, CatalogReader catalog)
{
    private readonly SharedAnswers<JobKey, JobHead?> _heads = new(job => journal.FindJobAsync(job, CancellationToken.None));
    private readonly SharedAnswers<JobKey, JobSnapshot?> _snapshots =
        new(job => catalog.SnapshotAsync(job, Snapshots.Query(CompiledFilter.Compile(null)), CancellationToken.None));

    /// <inheritdoc cref="JournalReader.FindJobAsync"/>
    public Task<JobHead?> FindJobAsync(JobKey job, CancellationToken cancellation) => _heads.AskAsync(job, cancellation);

    /// <summary>The job and those of its current executions that a filter selects, at one moment, or null if there is no such job. Others may have the same.</summary>
    public Task<JobSnapshot?> SnapshotAsync(JobKey job, CompiledFilter filter, CancellationToken cancellation) => filter.SelectsAllExecutions
        ? _snapshots.AskAsync(job, cancellation)
        : catalog.SnapshotAsync(job, Snapshots.Query(filter), cancellation);
}
