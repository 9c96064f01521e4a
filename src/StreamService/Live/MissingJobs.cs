using System.Collections.Concurrent;
using System.Collections.Immutable;
using Jobwatch.Shared;
using Jobwatch.StreamService.Hints;
using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Live;

/// <summary>Who waits for jobs that are not there yet. The job's first commit wakes them, here or by another node's hint, or the sweep that finds the job.</summary>
internal sealed class MissingJobs(HintInterest interest)
{
    private readonly ConcurrentDictionary<JobKey, ImmutableHashSet<MissingJob>> _waiting = new();

    /// <summary>The jobs waited for at this moment.</summary>
    public IReadOnlyCollection<JobKey> All => _waiting.IsEmpty ? [] : [.. _waiting.Keys];

    /// <summary>Waits until disposed. What was committed before is for the caller to find: it has to look after this.</summary>
    public MissingJob Await(JobKey job, Wakeup wakeup)
    {
        var added = new MissingJob(job, this, wakeup);
        _waiting.AddOrUpdate(job, static (_, one) => [one], static (_, some, one) => some.Add(one), added);
        interest.Add(job);
        return added;
    }

    /// <summary>The job is there.</summary>
    public void Found(JobKey job)
    {
        if (_waiting.TryGetValue(job, out var waiting))
        {
            foreach (var one in waiting)
            {
                one.Appear();
            }
        }
    }

    /// <summary>For <see cref="MissingJob.Dispose"/>.</summary>
    public void Leave(MissingJob one)
    {
        while (_waiting.TryGetValue(one.Job, out var waiting) && waiting.Contains(one))
        {
            var left = waiting.Remove(one);
            if (left.IsEmpty
                ? _waiting.TryRemove(KeyValuePair.Create(one.Job, waiting))
                : _waiting.TryUpdate(one.Job, left, waiting))
            {
                interest.Remove(one.Job);
                return;
            }
        }
    }
}
