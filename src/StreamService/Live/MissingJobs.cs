using System.Collections.Concurrent;
using System.Collections.Immutable;
using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Live;

/// <summary>Watchers of jobs that are not there yet. They are woken by the job's first commit, or when the sweep finds it.</summary>
internal sealed class MissingJobs
{
    private readonly ConcurrentDictionary<JobKey, ImmutableHashSet<Wakeup>> _waiting = new();

    /// <summary>The jobs waited for at this moment.</summary>
    public IReadOnlyCollection<JobKey> All => _waiting.IsEmpty ? [] : [.. _waiting.Keys];

    /// <summary>
    /// Signals <paramref name="wakeup"/> when the job may be there, until disposed. The caller has to look for the job
    /// after this, and after each signal.
    /// </summary>
    public IDisposable Await(JobKey job, Wakeup wakeup)
    {
        _waiting.AddOrUpdate(
            job,
            static (_, added) => [added],
            static (_, waiting, added) => waiting.Add(added),
            wakeup);
        return new Wait(this, job, wakeup);
    }

    /// <summary>The job is there.</summary>
    public void Found(JobKey job)
    {
        if (_waiting.TryGetValue(job, out var waiting))
        {
            foreach (var wakeup in waiting)
            {
                wakeup.Signal();
            }
        }
    }

    private void Leave(JobKey job, Wakeup wakeup)
    {
        while (_waiting.TryGetValue(job, out var waiting))
        {
            var left = waiting.Remove(wakeup);
            if (left.IsEmpty
                ? _waiting.TryRemove(KeyValuePair.Create(job, waiting))
                : _waiting.TryUpdate(job, left, waiting))
            {
                return;
            }
        }
    }

    private sealed class Wait(MissingJobs missing, JobKey job, Wakeup wakeup) : IDisposable
    {
        public void Dispose() => missing.Leave(job, wakeup);
    }
}
