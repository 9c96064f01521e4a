using System.Collections.Immutable;
using Jobwatch.StreamService.Hints;
using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Live;

/// <summary>
/// Tells of jobs that are made in a tenant, on this node or another, for whoever watches the tenant as a whole. A job may be told twice,
/// and one whose hint was lost is not told at all: whoever listens has to list the tenant's jobs now and then.
/// </summary>
internal sealed class NewJobs
{
    private readonly HintInterest _interest;
    private ImmutableList<Listener> _listeners = [];

    public NewJobs(CommitFeed commits, HintFeed hints, HintInterest interest)
    {
        _interest = interest;
        commits.Listen(Hear);
        hints.Heard += Hear;
    }

    /// <summary>
    /// Listens until disposed; <paramref name="made"/> is called from the committing thread. What was made before is for the caller to
    /// find: it has to list the jobs after this.
    /// </summary>
    public IDisposable Listen(string tenant, Action<JobKey> made)
    {
        var listener = new Listener(this, tenant, made);
        ImmutableInterlocked.Update(ref _listeners, static (listeners, added) => listeners.Add(added), listener);
        _interest.AddTenant(tenant);
        return listener;
    }

    private void Hear(CommittedEvents committed)
    {
        if (committed.Events is [{ Position: 1 }, ..])
        {
            Tell(committed.Log.Job);
        }
    }

    private void Hear(Hint hint)
    {
        if (hint.MadeJob)
        {
            Tell(hint.Job);
        }
    }

    private void Tell(JobKey job)
    {
        foreach (var listener in _listeners)
        {
            if (listener.Tenant == job.Tenant)
            {
                listener.Made(job);
            }
        }
    }

    private void Leave(Listener listener)
    {
        if (ImmutableInterlocked.Update(ref _listeners, static (listeners, left) => listeners.Remove(left), listener))
        {
            _interest.RemoveTenant(listener.Tenant);
        }
    }

    private sealed class Listener(NewJobs jobs, string tenant, Action<JobKey> made) : IDisposable
    {
        public string Tenant => tenant;

        public Action<JobKey> Made => made;

        public void Dispose() => jobs.Leave(this);
    }
}
