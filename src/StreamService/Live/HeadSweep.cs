using Jobwatch.Shared;
using Jobwatch.StreamService.Hints;
using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Live;

/// <summary>
/// The safety net under the commit feed and the other nodes' hints: asks the store where the watched logs stand, in one query however
/// many watchers there are. It finds what no hint told of, jobs that begin elsewhere, and logs that were deleted. By the clock, and
/// at once when a channel of hints begins to be heard: what was committed before was told to nobody here.
/// </summary>
internal sealed class HeadSweep(
    LiveJobs jobs, MissingJobs missing, HintFeed hints, HintChannels channels, JournalReader journal, LiveOptions options, Metrics metrics,
    TimeProvider time, ILogger<HeadSweep> logger) : BackgroundService
{
    /// <summary>How many awaited jobs are looked for at a time.</summary>
    internal const int SearchedAtOnce = 1000;

    private readonly Wakeup _wakeup = new();
    private readonly Lock _gate = new();
    private readonly HashSet<string> _heard = new(StringComparer.Ordinal);
    private bool _isDue;
    private bool _allAreHeard;
    private bool _isBlind;
    private Task _search = Task.CompletedTask;
    private bool _isSearching;
    private bool _isSearchOwed;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        hints.Listening += OnListening;
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var timer = time.CreateTimer(static sweep => ((HeadSweep)sweep!).OnDue(), this, options.SweepInterval, options.SweepInterval);
        await using var stopping = stoppingToken.UnsafeRegister(static sweep => ((HeadSweep)sweep!)._wakeup.Signal(), this);
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await _wakeup.WaitAsync();
                await TrySweepAsync(stoppingToken);
            }
        }
        finally
        {
            await _search.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void OnDue()
    {
        Volatile.Write(ref _isDue, true);
        _wakeup.Signal();
    }

    private void OnListening(IReadOnlyCollection<string>? heard)
    {
        lock (_gate)
        {
            _allAreHeard |= heard is null;
            _heard.UnionWith(heard ?? []);
        }

        _wakeup.Signal();
    }

    private async Task TrySweepAsync(CancellationToken cancellation)
    {
        var isDue = Interlocked.Exchange(ref _isDue, false);
        if (Touched(isDue) is not { } isTouched)
        {
            return;
        }

        try
        {
            await SweepAsync(isTouched, isDue, cancellation);
            var sees = await BeginSearchAsync(isTouched, cancellation);
            if (_isBlind && sees)
            {
                _isBlind = false;
                Log.SweepSees(logger);
            }
        }
        catch (Exception failure) when (StoreFaults.IsOfStore(failure))
        {
            // Whatever the store says, what it said before is served on.
            // What was to be looked at out of turn is looked at in turn.
            if (!_isBlind)
            {
                _isBlind = true;
                Log.SweepIsBlind(logger, failure.Message);
            }
        }
    }

    // Which jobs to look at; null for none.
    private Predicate<JobKey>? Touched(bool isDue)
    {
        lock (_gate)
        {
            var isAll = isDue || _allAreHeard;
            var heard = _heard.ToHashSet(StringComparer.Ordinal);
            _allAreHeard = false;
            _heard.Clear();
            return isAll ? _ => true
                : heard.Count > 0 ? job => heard.Contains(channels.Of(job))
                : null;
        }
    }

    private async Task SweepAsync(Predicate<JobKey> isTouched, bool isDue, CancellationToken cancellation)
    {
        var watched = jobs.All.Where(job => isTouched(job.Log.Job)).ToList();
        if (watched.Count > 0)
        {
            // Before the store is asked: what was committed by then has to be in its answer.
            var known = watched.Select(job => job.Head).ToList();
            var heads = await journal.HeadsAsync([.. watched.Select(job => job.Log)], cancellation);
            foreach (var (job, head) in watched.Zip(known))
            {
                Compare(job, head, heads, isDue);
            }
        }
    }

    // Beside the sweep: however many jobs are awaited, the watched logs don't wait for them. False while the last search goes on, whose end
    // is followed by another sweep then; throws what a last one failed with.
    private async Task<bool> BeginSearchAsync(Predicate<JobKey> isTouched, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_isSearching)
            {
                _isSearchOwed = true;
                return false;
            }
        }

        var last = _search;
        var awaited = missing.All.Where(job => isTouched(job)).ToList();
        _isSearching = awaited.Count > 0;
        _search = _isSearching ? SearchAsync(awaited, cancellation) : Task.CompletedTask;
        await last;
        return true;
    }

    private async Task SearchAsync(IReadOnlyList<JobKey> awaited, CancellationToken cancellation)
    {
        try
        {
            foreach (var some in awaited.Chunk(SearchedAtOnce))
            {
                foreach (var found in await journal.FindJobsAsync(some, cancellation))
                {
                    missing.Found(found.Log.Job);
                    metrics.SweepFound();
                }
            }
        }
        finally
        {
            bool isOwed;
            lock (_gate)
            {
                _isSearching = false;
                isOwed = _isSearchOwed;
                _isSearchOwed = false;
            }

            if (isOwed)
            {
                OnDue();
            }
        }
    }

    private void Compare(LiveJob job, long known, IReadOnlyDictionary<long, long> heads, bool isDue)
    {
        if (!heads.TryGetValue(job.Log.Incarnation, out var head))
        {
            job.Vanish();
            return;
        }

        // Below what was known; or beyond it again, by other events than were known.
        if (head < known || job.FellTo is not null)
        {
            Log.StoreFellBack(logger, job.Log.StreamKey, known, head);
            jobs.FellBack(job, job.FellTo ?? head);
            return;
        }

        // A commit of this process that is just under way between the store and its hint counts as found, rarely.
        if (job.RaiseHead(head))
        {
            metrics.SweepFound();
        }

        if (isDue)
        {
            job.Tidy();
        }
    }
}
