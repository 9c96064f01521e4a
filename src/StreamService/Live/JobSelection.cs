using System.Collections.Immutable;
using Jobwatch.Shared;
using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Live;

/// <summary>
/// The jobs of a tenant, or those of them with an execution that carries all of some labels, kept up by
/// <see cref="JobSelections"/> for all of its watchers together. A job that matched once matches for good.
/// </summary>
/// <param name="labels">What an execution has to carry; none: every job is selected.</param>
internal sealed class JobSelection(IReadOnlyList<KeyValuePair<string, string>> labels)
{
    private readonly HashSet<Bell> _watchers = [];
    private volatile ImmutableDictionary<long, SelectedJob> _jobs = ImmutableDictionary<long, SelectedJob>.Empty;
    private volatile bool _isTooLarge;

    public IReadOnlyList<KeyValuePair<string, string>> Labels => labels;

    public bool IsOfAll => labels.Count == 0;

    /// <summary>By incarnation. Another object after each change.</summary>
    public ImmutableDictionary<long, SelectedJob> Jobs => _jobs;

    /// <summary>Whether there are more jobs than can be held: those that are held are not all.</summary>
    public bool IsTooLarge => _isTooLarge;

    /// <summary>Whether the store was asked for all that had matched before.</summary>
    public bool IsFilled { get; set; }

    /// <summary>Under the lock of <see cref="JobSelections"/>, as is <see cref="Leave"/>.</summary>
    public void Enter(Bell watcher) => _watchers.Add(watcher);

    /// <summary>Whether that was the last watcher.</summary>
    public bool Leave(Bell watcher)
    {
        _watchers.Remove(watcher);
        return _watchers.Count == 0;
    }

    /// <summary>Takes in what a look found.</summary>
    /// <param name="listed">The tenant's jobs, by incarnation.</param>
    /// <param name="matched">Those that match and perhaps did not before: the position of the first event of the execution that made each match.</param>
    /// <param name="isCutShort">Whether the tenant has more jobs than are listed.</param>
    /// <returns>Whether watchers have something to look at.</returns>
    public bool Take(IReadOnlyDictionary<long, ListedJob> listed, IEnumerable<KeyValuePair<long, long>> matched, bool isCutShort)
    {
        var jobs = _jobs.ToBuilder();
        foreach (var (incarnation, known) in _jobs)
        {
            if (!listed.TryGetValue(incarnation, out var job))
            {
                jobs.Remove(incarnation);
            }
            else if (job.Floor != known.Head.Floor)
            {
                // Whoever comes from the beginning begins there.
                jobs[incarnation] = known with { Head = known.Head with { Floor = job.Floor } };
            }
        }

        foreach (var (incarnation, first) in matched)
        {
            if (!jobs.ContainsKey(incarnation) && listed.TryGetValue(incarnation, out var job))
            {
                jobs.Add(incarnation, new SelectedJob(new JobHead(new JobLog(job.Job, incarnation), job.Floor, job.Head), first - 1));
            }
        }

        var now = jobs.ToImmutable();
        var isChanged = now != _jobs || isCutShort;
        _jobs = now;
        _isTooLarge = isCutShort || now.Count > JobSelections.MaxJobs;
        return isChanged;
    }

    public void WakeAll()
    {
        foreach (var watcher in _watchers)
        {
            watcher.Signal();
        }
    }
}
