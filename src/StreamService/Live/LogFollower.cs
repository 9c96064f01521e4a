using Jobwatch.Shared;
using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Live;

/// <summary>
/// One watcher's way along a log: from the ring while that holds the next event, else from pages of the store. Every
/// frame is the one at <see cref="Next"/>, or there is none. For one caller at a time.
/// </summary>
internal sealed class LogFollower(LiveJob job, LiveJobs jobs, Bell bell, Metrics metrics) : IDisposable
{
    private IReadOnlyList<EventFrame> _page = [];
    private (long After, Task<IReadOnlyList<EventFrame>> Page)? _ahead;
    private int _taken;
    private long _fromRing;

    public JobLog Log => job.Log;

    /// <summary>The position of the next frame.</summary>
    public long Next { get; private set; } = 1;

    /// <summary>Whether the next page is read before this one is taken; for one that may hold two.</summary>
    public bool ReadsAhead { get; set; } = true;

    /// <summary>The frames at hand that came from the store.</summary>
    public IEnumerable<EventFrame> Page => _page.Skip(_taken);

    /// <inheritdoc cref="LiveJob.Cursors"/>
    public LogCursors Cursors => job.Cursors;

    /// <inheritdoc cref="LiveJob.Head"/>
    public long Head => job.Head;

    /// <inheritdoc cref="LiveJob.HeadIsSure"/>
    public bool HeadIsSure => job.HeadIsSure;

    /// <inheritdoc cref="LiveJob.IsGone"/>
    public bool IsGone => job.IsGone;

    /// <inheritdoc cref="LiveJob.FellTo"/>
    public long? FellTo => job.FellTo;

    /// <summary>Whether an event is known to be there at <see cref="Next"/>.</summary>
    public bool IsBehind => Next <= job.Head;

    /// <inheritdoc cref="LiveJob.RaiseHead"/>
    public void RaiseHead(long head) => job.RaiseHead(head);

    /// <summary>Begins at a position, or goes on there past truncated history.</summary>
    public void MoveTo(long next)
    {
        Next = next;
        _page = [];
        _taken = 0;
        _ahead = null;
    }

    /// <summary>
    /// The frame at <see cref="Next"/>, or null if the ring doesn't have it and no page is at hand. Nothing of a log that the store has lost
    /// events of: a page may hold them.
    /// </summary>
    public EventFrame? Peek()
    {
        if (_taken < _page.Count)
        {
            return job.FellTo is null ? _page[_taken] : null;
        }

        if (job.Find(Next) is { } frame)
        {
            return frame;
        }

        Report();
        return null;
    }

    /// <summary>Goes on behind the frame that <see cref="Peek"/> gave.</summary>
    public void Advance()
    {
        Next++;
        if (_taken == _page.Count)
        {
            _fromRing++;
            _ahead = null;
        }
        else if (++_taken == _page.Count)
        {
            _page = [];
            _taken = 0;
        }
        else if (_taken == (_page.Count + 1) / 2)
        {
            ReadAhead(_page[^1].Position);
        }
    }

    /// <summary>
    /// Brings a page from the store; for a follower that is behind. False if the store has no event at
    /// <see cref="Next"/>: its history is truncated, the log is gone, or the store has lost events of it.
    /// </summary>
    public async Task<bool> ReadAsync(CancellationToken cancellation)
    {
        var reading = _ahead is { } ahead && ahead.After == Next - 1 ? ahead.Page : job.ReadAsync(Next - 1);
        _ahead = null;
        var page = await reading.WaitAsync(cancellation);
        metrics.PageTaken();
        if (page.Count == 0 || page[0].Position != Next)
        {
            return false;
        }

        _page = page;
        _taken = 0;
        return true;
    }

    public void Dispose()
    {
        Report();
        jobs.Leave(job, bell);
    }

    // By half a page: a reader that stands still takes no more memory than that of one more.
    private void ReadAhead(long after)
    {
        if (ReadsAhead && after < job.Head && job.Find(after + 1) is null)
        {
            _ahead = (after, job.ReadAsync(after));
        }
    }

    private void Report()
    {
        if (_fromRing > 0)
        {
            metrics.FramesTaken(_fromRing);
            _fromRing = 0;
        }
    }
}
