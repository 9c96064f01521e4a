using System.Collections.Immutable;
using Jobwatch.Shared;
using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Live;

/// <summary>
/// The jobs of a tenant, or those of them with an execution that carries all of some labels, kept up by
/// <see cref="JobSelections"/> for all of its watchers together. A job that matched once matches for good.
/// </summary>
/// <param name="labels">What an execution has to carry; none: every job is selected.</param>
internal sealed class JobSelection(IReadOnlyList<KeyValuePair<string, string>> labels) : IDisposable
{
    private readonly HashSet<Bell> _watchers = [];
    private volatile ImmutableDictionary<long, SelectedJob> _jobs = ImmutableDictionary<long, SelectedJob>.Empty;
    private readonly CancellationTokenSource _left = new();
    // What looks found before the fill was taken in: the first match of each job.
    private volatile Dictionary<long, long>? _early = labels.Count == 0 ? null : [];
    private volatile bool _isTooLarge;
    private volatile Task<IReadOnlyDictionary<long, long>>? _fill;

    public IReadOnlyList<KeyValuePair<string, string>> Labels => labels;

    public bool IsOfAll => labels.Count == 0;

    /// <summary>By incarnation. Another object after each change.</summary>
    public ImmutableDictionary<long, SelectedJob> Jobs => _jobs;

    /// <summary>Whether there are more jobs than can be held: those that are held are not all.</summary>
    public bool IsTooLarge => _isTooLarge;

    /// <summary>Whether it holds what it selects. One by labels has to take its fill in first.</summary>
    public bool IsFilled => _early is null;

    /// <summary>The question to the store for all that match, from the look on that knew the selection first until it is taken in; else null.</summary>
    public Task<IReadOnlyDictionary<long, long>>? Fill
    {
        get => _fill;
        set => _fill = value;
    }

    /// <summary>Whether looks have to find what is given labels: what its fill doesn't see, and what comes after.</summary>
    public bool FollowsLabels => !IsOfAll && (IsFilled || _fill is not null);

    /// <summary>Cancelled when nobody watches it any more.</summary>
    public CancellationToken Left => _left.Token;

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
    /// <param name="filled">What the fill has found, if it was done before the jobs were listed.</param>
    /// <param name="matched">Those that match and perhaps did not before: the position of the first event of the execution that made each match.</param>
    /// <param name="isCutShort">Whether the tenant has more jobs than are listed.</param>
    /// <returns>Whether watchers have something to look at.</returns>
    public bool Take(
        IReadOnlyDictionary<long, ListedJob> listed, IReadOnlyDictionary<long, long>? filled, IEnumerable<KeyValuePair<long, long>> matched, bool isCutShort)
    {
        if (_early is { } early)
        {
            foreach (var (incarnation, first) in matched)
            {
                early.TryAdd(incarnation, first);
            }

            if (filled is null)
            {
                _isTooLarge = isCutShort;
                return false;
            }

            // The fill's first: an execution that looks found late may be younger than one that had the labels before.
            matched = filled.Concat(early);
            (_early, _fill) = (null, null);
        }

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

    /// <summary>For when its last watcher has left.</summary>
    public void Dispose()
    {
        // Not here: what is called off tells the store, and whoever disposes of this holds a lock.
        _ = _left.CancelAsync();
    }
}
