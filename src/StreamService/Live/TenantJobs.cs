using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Live;

/// <summary>The selections of one tenant that are watched, and how far its jobs were looked at for labels.</summary>
/// <param name="listening">What tells of the tenant's new jobs.</param>
internal sealed class TenantJobs(IDisposable listening) : IDisposable
{
    /// <summary>By their labels.</summary>
    public Dictionary<string, JobSelection> Selections { get; } = new(StringComparer.Ordinal);

    /// <summary>By incarnation the head up to which labels were looked for.</summary>
    public Dictionary<long, long> Seen { get; private set; } = [];

    /// <summary>The last of the tenant's fills that was begun: the next one waits for it.</summary>
    public Task LastFill { get; set; } = Task.CompletedTask;

    /// <summary>Whether some selection asks for labels.</summary>
    public bool HasLabels { get; set; }

    /// <summary>The jobs that moved since they were looked at, and where they stood then.</summary>
    public IEnumerable<KeyValuePair<long, long>> Moved(IEnumerable<ListedJob> jobs) =>
        from job in jobs
        let seen = Seen.GetValueOrDefault(job.Incarnation)
        where job.Head > seen
        select KeyValuePair.Create(job.Incarnation, seen);

    public void See(IEnumerable<ListedJob> jobs) => Seen = jobs.ToDictionary(job => job.Incarnation, job => job.Head);

    public void Dispose() => listening.Dispose();
}
