using Jobwatch.Shared;
using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Live;
using Heads = System.Collections.Generic.IReadOnlyDictionary<long, long>;

namespace Jobwatch.StreamService.Watching;

/// <summary>The jobs of one watch of many: those that it tells, each a line, and where they all stand.</summary>
internal sealed class JobLines(JobsOrder order, WatchRoom room, ReadyLines ready, Wakeup wakeup) : IDisposable
{
    // By incarnation, which no two logs share.
    private readonly Dictionary<long, JobLine> _told = [];
    private readonly HashSet<JobLine> _awaiting = [];

    // Logs that were ended and that the selection may show for a while yet.
    private readonly HashSet<long> _ended = [];
    // Logs that are gone and were not told of yet.
    private readonly Dictionary<long, CursorMark> _untold = [];
    private JobSelection? _selection;
    private object? _joined;
    private object? _rivalled;

    /// <summary>Where the watch stands in all of them.</summary>
    public JobsCursor Cursor { get; } = new(order.Tenant);

    /// <summary>Those that are told.</summary>
    public IReadOnlyCollection<JobLine> Told => _told.Values;

    /// <summary>All of them, also those whose job is awaited.</summary>
    public IEnumerable<JobLine> All => _told.Values.Concat(_awaiting);

    /// <summary>Whether the selection has changed since it was joined.</summary>
    public bool HasNewcomers => _selection is { } selection && (selection.Jobs != _joined || selection.IsTooLarge);

    /// <summary>Those that are told and of whose job the selection has another log too: one of the two was deleted.</summary>
    /// <remarks>Once for each change of the selection: then there are none until the next one.</remarks>
    public IReadOnlyList<JobLine> TakeRivalled()
    {
        if (_selection!.Jobs is var jobs && jobs == _rivalled)
        {
            return [];
        }

        _rivalled = jobs;
        var newcomers = Newcomers.Select(job => job.Head.Log.Job.JobId).ToHashSet(StringComparer.Ordinal);
        return [.. _told.Values.Where(line => newcomers.Contains(line.Job.JobId))];
    }

    private IEnumerable<SelectedJob> Newcomers => _selection!.Jobs.Values.Where(
        job => !_told.ContainsKey(job.Head.Log.Incarnation) && !_ended.Contains(job.Head.Log.Incarnation));

    /// <summary>
    /// Begins to hear of jobs and logs and then looks at the store, in this order: so each job is either found or told of, and each event
    /// is either behind a head or told of. Returns what the cursor has of logs that are gone: it keeps them until each is told (<see cref="Forget"/>).
    /// </summary>
    public async Task<IReadOnlyList<JobsCursorEntry>> OpenAsync(CancellationToken cancellation)
    {
        var selected = await SelectAsync(cancellation);
        var resume = (order.Resume ?? []).ToDictionary(entry => entry.Incarnation);
        var known = resume.Count == 0
            ? []
            : await room.SelectionReader.FindLogsAsync(order.Tenant, resume.Keys, cancellation);
        foreach (var head in known)
        {
            JobsCursorRules.RequireNotBeyond(resume[head.Log.Incarnation], head, order.ResumeField);
        }

        if (order.JobIds.Count == 0)
        {
            // A job that was taken in stays.
            var found = selected.Select(job => job.Head.Log.Incarnation).ToHashSet();
            selected = [.. selected, .. known.Where(head => !found.Contains(head.Log.Incarnation)).Select(head => new SelectedJob(head, 0))];
        }

        await TakeInAsync(selected, job => FirstOf(job, resume), question => question(cancellation));
        var isThere = known.Select(head => head.Log.Incarnation).ToHashSet();
        List<JobsCursorEntry> gone = [.. resume.Values.Where(entry => !isThere.Contains(entry.Incarnation) && !_told.ContainsKey(entry.Incarnation))];
        // As many as there is room for: the others are told all the same, but once only.
        foreach (var entry in gone.Take(JobsCursor.MaxJobs - _told.Count))
        {
            _untold.Add(entry.Incarnation, Cursor.Add(entry.Incarnation, entry.Position));
        }

        return gone;
    }

    /// <summary>Takes a log that is gone out of the cursor.</summary>
    public void Forget(JobsCursorEntry entry)
    {
        if (_untold.Remove(entry.Incarnation, out var mark))
        {
            Cursor.Remove(mark);
        }
    }

    /// <summary>Takes in the jobs that have come to the selection.</summary>
    /// <param name="ask">Asks the store for heads.</param>
    public Task JoinAsync(Func<Func<CancellationToken, Task<Heads>>, Task<Heads>> ask)
    {
        var jobs = _selection!.Jobs;
        if (_selection.IsTooLarge)
        {
            throw SelectionRules.TooManyJobs(order);
        }

        _ended.RemoveWhere(incarnation => !jobs.ContainsKey(incarnation));
        var told = _told.Values.Select(line => line.Job.JobId).ToHashSet(StringComparer.Ordinal);
        var newcomers = Newcomers.ToLookup(job => told.Contains(job.Head.Log.Job.JobId));
        // Of a job that is told the other log waits, until the told one has ended or the selection misses the other.
        _joined = newcomers[true].Any() ? null : jobs;
        return TakeInAsync([.. newcomers[false]], job => job.After, ask);
    }

    /// <summary>Begins with the log that an awaited job has got.</summary>
    public void Appear(JobLine line, FollowedLog found)
    {
        _awaiting.Remove(line);
        line.Found = null;
        line.Awaited?.Dispose();
        line.Awaited = null;
        Tell(line, found.Follower, 0);
    }

    /// <summary>Ends a line whose log is gone. A job that was named is awaited again: true for that.</summary>
    public bool End(JobLine line)
    {
        var incarnation = line.Log!.Log.Incarnation;
        Cursor.Remove(line.Mark!);
        _told.Remove(incarnation);
        line.End();
        if (order.JobIds.Count == 0)
        {
            _ended.Add(incarnation);
            return false;
        }

        Await(line);
        return true;
    }

    public void Dispose()
    {
        if (_selection is not null)
        {
            room.Selections.Leave(order.Tenant, _selection, wakeup);
        }

        foreach (var line in All)
        {
            line.Dispose();
        }
    }

    private async Task<IReadOnlyList<SelectedJob>> SelectAsync(CancellationToken cancellation)
    {
        if (order.JobIds.Count > 0)
        {
            foreach (var jobId in order.JobIds)
            {
                Await(new JobLine(new JobKey(order.Tenant, jobId), ready));
            }

            var found = await room.Journal.FindJobsAsync([.. _awaiting.Select(line => line.Job)], cancellation);
            return [.. found.Select(head => new SelectedJob(head, 0))];
        }

        _selection = room.Selections.Enter(order.Tenant, order.Labels, wakeup);
        await room.Selections.FindAsync(_selection).WaitAsync(cancellation);
        var jobs = _selection.Jobs;
        _joined = jobs;
        return _selection.IsTooLarge ? throw SelectionRules.TooManyJobs(order) : [.. jobs.Values];
    }

    // Where the job begins on this stream.
    private long FirstOf(SelectedJob job, Dictionary<long, JobsCursorEntry> resume) =>
        resume.TryGetValue(job.Head.Log.Incarnation, out var entry) ? entry.Position
            : order.Resume is not null ? job.After
            : order.FromBeginning ? Math.Max(job.After, job.Head.Floor)
            : JobsCursor.BeforeSnapshot;

    private async Task TakeInAsync(
        IReadOnlyList<SelectedJob> jobs, Func<SelectedJob, long> firstOf, Func<Func<CancellationToken, Task<Heads>>, Task<Heads>> ask)
    {
        if (jobs.Count == 0)
        {
            return;
        }

        if (_told.Count + jobs.Count > JobsCursor.MaxJobs)
        {
            throw SelectionRules.TooManyJobs(order);
        }

        var byId = _awaiting.ToDictionary(line => line.Job.JobId, StringComparer.Ordinal);
        foreach (var job in jobs)
        {
            var log = job.Head.Log;
            var line = byId.GetValueOrDefault(log.Job.JobId) ?? new JobLine(log.Job, ready);
            _awaiting.Remove(line);
            line.Awaited?.Dispose();
            line.Awaited = null;
            var follower = room.Live.Follow(log, line.Bell);
            Tell(line, follower, firstOf(job));
            Truncation.RequireWhole(follower);
        }

        var heads = await ask(asked => room.Journal.HeadsAsync([.. jobs.Select(job => job.Head.Log)], asked));
        foreach (var job in jobs)
        {
            // One that is missing was deleted just now: the next sweep tells of it.
            if (heads.TryGetValue(job.Head.Log.Incarnation, out var head))
            {
                _told[job.Head.Log.Incarnation].Log!.RaiseHead(head);
            }
        }

        RequireHistory(jobs);
    }

    private void RequireHistory(IReadOnlyList<SelectedJob> jobs)
    {
        if (order.GoOnWhereTruncated)
        {
            return;
        }

        JobLine? first = null;
        var (after, floor) = (0L, 0L);
        foreach (var job in jobs)
        {
            var line = _told[job.Head.Log.Incarnation];
            if (!line.AwaitsSnapshot && line.Mark!.Position < job.Head.Floor)
            {
                (first, after, floor) = first is null ? (line, line.Mark.Position, job.Head.Floor) : (first, after, floor);
                // All of them at once: the cursor that is given has to do.
                Cursor.Move(line.Mark, job.Head.Floor);
            }
        }

        if (first is not null)
        {
            throw Truncation.Error(first.Log!.Log, after, floor, Cursor);
        }
    }

    private void Tell(JobLine line, LogFollower log, long after)
    {
        var conflation = order.MaxUpdatesPerSecond == 0 ? null : new Conflation(order.MaxUpdatesPerSecond, room.Time);
        line.Begin(log, Cursor.Add(log.Log.Incarnation, after), conflation);
        line.Decide(room.Opener.Labels(order, log.Log));
        _told.Add(log.Log.Incarnation, line);
        ready.Add(line);
    }

    private void Await(JobLine line)
    {
        line.IsLive = false;
        line.Awaited = room.Missing.Await(line.Job, line.Bell);
        _awaiting.Add(line);
    }
}
