using Jobwatch.Shared;
using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Live;

/// <summary>One watcher that waits for a job.</summary>
internal sealed class MissingJob(JobKey job, MissingJobs jobs, Bell bell) : IDisposable
{
    private volatile bool _hasAppeared;

    public JobKey Job => job;

    /// <summary>Whether the job was seen: time to look for it.</summary>
    public bool HasAppeared => _hasAppeared;

    public void Appear()
    {
        _hasAppeared = true;
        bell.Signal();
    }

    /// <summary>Waits again, for a job that was gone when it was looked for. To be called before looking.</summary>
    public void Reset() => _hasAppeared = false;

    public void Dispose() => jobs.Leave(this);
}
