using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Retention;

/// <summary>What is kept of the jobs that it matches. Without a limit it keeps everything, and keeps later rules from them.</summary>
internal sealed class RetentionRule
{
    /// <summary>A tenant, or <c>*</c>, the default, for all.</summary>
    public string Tenant { get; set; } = "*";

    /// <summary>A job, the beginning of jobs' ids followed by <c>*</c>, or <c>*</c>, the default, for all.</summary>
    public string Job { get; set; } = "*";

    /// <summary>Events that were recorded longer ago are truncated. At least 1 s; default: none is for its age.</summary>
    public TimeSpan? MaxAge { get; set; }

    /// <summary>Of more events than these the oldest are truncated. At least 1; default: any number is kept.</summary>
    public long? MaxEvents { get; set; }

    /// <summary>
    /// Executions of which no event is left go out of the catalog so long after their end. At least 1 h, so that who still reads their
    /// last events from memory finds their labels; default: they stay as long as the job.
    /// </summary>
    public TimeSpan? ExecutionMaxAge { get; set; }

    public bool Matches(JobKey job) => Matches(Tenant, job.Tenant) && Matches(Job, job.JobId);

    private static bool Matches(string pattern, string id) =>
        pattern.EndsWith('*') ? id.AsSpan().StartsWith(pattern.AsSpan()[..^1], StringComparison.Ordinal) : id == pattern;
}
