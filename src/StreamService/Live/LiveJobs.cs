using System.Collections.Concurrent;
using Jobwatch.Shared;
using Jobwatch.StreamService.Hints;
using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Live;

/// <summary>The logs that are watched in this process, each for as long as somebody watches it.</summary>
internal sealed class LiveJobs
{
    private readonly LiveOptions _options;
    private readonly ReadPage _readPage;
    private readonly CountFailures _failures;
    private readonly MissingJobs _missing;
    private readonly HintInterest _interest;
    private readonly JobSelections _selections;
    private readonly Metrics _metrics;

    // By incarnation, which no two logs share. The lock orders a job's last leaving against its next first coming;
    // commits look up without it.
    private readonly ConcurrentDictionary<long, LiveJob> _jobs = new();
    private readonly Lock _gate = new();

    public LiveJobs(
        CommitFeed commits, HintFeed hints, HintInterest interest, ReadPage readPage, CountFailures failures, MissingJobs missing, JobSelections selections,
        LiveOptions options, Metrics metrics)
    {
        _options = options;
        _readPage = readPage;
        _failures = failures;
        _missing = missing;
        _interest = interest;
        _selections = selections;
        _metrics = metrics;
        commits.Listen(Publish);
        commits.ListenForDeletions(Vanish);
        hints.Heard += Hear;
    }

    /// <summary>All of them at this moment.</summary>
    public IReadOnlyList<LiveJob> All => [.. _jobs.Values];

    /// <summary>
    /// Begins to hear of a log's commits; <paramref name="bell"/> is signalled at each. What was committed before
    /// is for the caller to find: it has to look at the head after this, unless <see cref="LogFollower.HeadIsSure"/>.
    /// </summary>
    public LogFollower Follow(JobLog log, Bell bell)
    {
        lock (_gate)
        {
            if (!_jobs.TryGetValue(log.Incarnation, out var job))
            {
                job = new LiveJob(log, _options, _readPage, _failures);
                _jobs[log.Incarnation] = job;
                _interest.Add(log.Job);
                _metrics.JobOpened();
            }

            job.Enter(bell);
            return new LogFollower(job, this, bell, _metrics);
        }
    }

    /// <summary>For <see cref="LogFollower.Dispose"/>.</summary>
    public void Leave(LiveJob job, Bell bell)
    {
        lock (_gate)
        {
            if (job.Leave(bell))
            {
                Close(job);
            }
        }
    }

    /// <summary>The store lost what this job knew of: its watches end, and whoever comes from now on begins anew with what there is.</summary>
    public void FellBack(LiveJob job, long head)
    {
        lock (_gate)
        {
            Close(job);
        }

        job.FallTo(head);
    }

    private void Close(LiveJob job)
    {
        if (_jobs.TryRemove(KeyValuePair.Create(job.Log.Incarnation, job)))
        {
            _interest.Remove(job.Log.Job);
            _metrics.JobClosed();
        }
    }

    private void Vanish(JobLog log)
    {
        if (_jobs.TryGetValue(log.Incarnation, out var job))
        {
            job.Vanish();
        }
    }

    private void Publish(CommittedEvents committed)
    {
        if (committed.Events.Count == 0)
        {
            return;
        }

        if (_jobs.TryGetValue(committed.Log.Incarnation, out var job))
        {
            job.Publish(committed);
        }

        _missing.Found(committed.Log.Job);
        _selections.Hear(committed);
    }

    private void Hear(Hint hint)
    {
        if (_jobs.TryGetValue(hint.Incarnation, out var job))
        {
            job.Hear(hint.Head);
        }

        _missing.Found(hint.Job);
    }
}
