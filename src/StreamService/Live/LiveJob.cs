using Jobwatch.Shared;
using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Live;

/// <summary>
/// A log that somebody watches: its known head, its newest frames, and who is to be woken. Watchers have no queue here;
/// each has a position of its own and takes frames from the ring, or pages of the store where the ring doesn't reach.
/// </summary>
internal sealed class LiveJob : IThreadPoolWorkItem
{
    /// <summary>Events of a page, at most; its bytes are bounded too.</summary>
    private const int PageEvents = 1000;

    /// <summary>What an event weighs, for a log that nothing is known of yet.</summary>
    private const int UsualEventBytes = 512;

    /// <summary>So many sweeps without a commit, and the ring is let go: whoever watches has taken all of it.</summary>
    private const int IdleSweeps = 10;

    private readonly ReadPage _readPage;
    private readonly CountFailures _failures;
    private readonly FrameRing _ring;
    private readonly RingDoubts _doubts;
    private readonly Lock _writing = new();
    private readonly Lock _listing = new();
    private readonly HashSet<Bell> _watchers = [];
    private (long After, Task<IReadOnlyList<EventFrame>> Page)? _reading;
    private long _head;
    private long _sweptHead;
    private long _hintedHead;
    private bool _isReadingHinted;
    private int _eventBytes = UsualEventBytes;
    private int _idleSweeps;
    private int _waking;
    private volatile bool _headIsSure;
    private volatile bool _isGone;
    private long _fellTo = -1;

    // How often the store had failed when something last came in.
    private long _noticed;

    public LiveJob(JobLog log, LiveOptions options, ReadPage readPage, CountFailures failures)
    {
        _readPage = readPage;
        _failures = failures;
        _ring = new FrameRing(options.RingEvents, options.RingBytes);
        _doubts = new RingDoubts(log, readPage, failures, FallTo);
        _noticed = failures();
        Log = log;
        Cursors = new LogCursors(log);
    }

    public JobLog Log { get; }

    /// <summary>Makes the log's cursors.</summary>
    public LogCursors Cursors { get; }

    /// <summary>The highest position known to be committed.</summary>
    public long Head => Volatile.Read(ref _head);

    /// <summary>
    /// Whether the store was asked for the head after this job had begun to hear of commits. Before that, a commit may
    /// have slipped through between a watcher's first look and its subscription.
    /// </summary>
    public bool HeadIsSure => _headIsSure;

    /// <summary>Whether the log was deleted: nothing will ever follow.</summary>
    public bool IsGone => _isGone;

    /// <summary>
    /// Where the store's head is now, if the store has lost what it had: it was restored, or a standby that was behind took over.
    /// Nothing that this job holds is sure any more.
    /// </summary>
    public long? FellTo => Volatile.Read(ref _fellTo) is >= 0 and var head ? head : null;

    public EventFrame? Find(long position) => _ring.Find(position);

    public void Enter(Bell watcher)
    {
        lock (_listing)
        {
            _watchers.Add(watcher);
        }
    }

    /// <summary>Whether that was the last watcher.</summary>
    public bool Leave(Bell watcher)
    {
        lock (_listing)
        {
            _watchers.Remove(watcher);
            return _watchers.Count == 0;
        }
    }

    /// <summary>
    /// Takes in a commit, from its committing thread. What does not follow the ring's end starts the ring anew; what is
    /// older than its end is left to the store.
    /// </summary>
    public void Publish(CommittedEvents committed)
    {
        lock (_writing)
        {
            TakeIn(committed.Events, mayStartAnew: true, Math.Min(committed.FailuresBefore, _noticed));
            _head = Math.Max(_head, committed.Events[^1].Position);
        }

        WakeAll();
    }

    /// <summary>
    /// Another node says that the log has come to this head. What is missing is read once, however many watch, and wakes them when it is at
    /// hand. The head itself is not believed: it may be of a store that had more.
    /// </summary>
    public void Hear(long head)
    {
        lock (_writing)
        {
            _hintedHead = Math.Max(_hintedHead, head);
            ReadHinted();
        }
    }

    /// <summary>A head that was read from the store; false if it was known.</summary>
    public bool RaiseHead(long head)
    {
        bool isNews;
        lock (_writing)
        {
            _headIsSure = true;
            isNews = head > _head;
            _head = Math.Max(_head, head);
            ReadHinted();
        }

        if (isNews)
        {
            WakeAll();
        }

        return isNews;
    }

    /// <summary>Ends all watches of this log.</summary>
    public void Vanish()
    {
        _isGone = true;
        WakeAll();
    }

    /// <summary>Ends all watches of this log: the store's head is before one that was known to be committed.</summary>
    public void FallTo(long head)
    {
        lock (_writing)
        {
            Fall(head);
        }

        WakeAll();
    }

    /// <summary>Called at each sweep: frees the ring of a job in which nothing happens, and asks again what was not answered.</summary>
    public void Tidy()
    {
        lock (_writing)
        {
            _doubts.Settle(isSweep: true);
            _idleSweeps = _head == _sweptHead ? _idleSweeps + 1 : 0;
            _sweptHead = _head;
            if (_idleSweeps >= IdleSweeps)
            {
                _doubts.Note(_ring.Newest, _noticed);
                _ring.Clear();
            }
        }
    }

    /// <summary>
    /// The page after a position. Watchers that fell out of the ring together ask for the same page together: they share
    /// one read, and what it finds at the ring's end goes into the ring for those who come a little later.
    /// </summary>
    public Task<IReadOnlyList<EventFrame>> ReadAsync(long after)
    {
        lock (_writing)
        {
            if (_reading is { } reading && reading.After == after)
            {
                return reading.Page;
            }

            var page = ReadFromStoreAsync(after);
            _reading = (after, page);
            return page;
        }
    }

    /// <summary>Wakes the watchers: the pool's turn, so that a commit never waits for the number of its watchers.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        // Lowered before anybody is woken: a commit from now on has to queue a turn of its own.
        Interlocked.Exchange(ref _waking, 0);
        lock (_listing)
        {
            foreach (var watcher in _watchers)
            {
                watcher.Signal();
            }
        }
    }

    private void WakeAll()
    {
        if (Interlocked.Exchange(ref _waking, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    // Not before the head is known: whatever is older than that would be taken for missing.
    private void ReadHinted()
    {
        if (_headIsSure && !_isReadingHinted && _hintedHead > _head)
        {
            _isReadingHinted = true;
            _ = ReadHintedAsync();
        }
    }

    private async Task ReadHintedAsync()
    {
        try
        {
            for (var (after, hinted) = Hinted(); after < hinted; (after, hinted) = Hinted())
            {
                if ((await ReadAsync(after)).Count == 0)
                {
                    Forget(hinted);
                }
            }
        }
        catch (Exception)
        {
            // The sweep finds the head, and whoever then reads what could not be read now says why.
            Forget(long.MaxValue);
        }

        lock (_writing)
        {
            _isReadingHinted = false;
            ReadHinted();
        }
    }

    private (long Head, long Hinted) Hinted()
    {
        lock (_writing)
        {
            return (_head, _hintedHead);
        }
    }

    // A hint up to this was not true, or not now.
    private void Forget(long hinted)
    {
        lock (_writing)
        {
            _hintedHead = _hintedHead <= hinted ? _head : _hintedHead;
        }
    }

    private async Task<IReadOnlyList<EventFrame>> ReadFromStoreAsync(long after)
    {
        // Off the caller's lock, and without the caller's cancellation: others may join.
        await Task.Yield();
        try
        {
            // By the ring's last event it shows whether the store still has what it had. Without that one the events that were lost and
            // those that came after would be joined unseen.
            EventFrame? end;
            long asked;
            lock (_writing)
            {
                end = _ring.Newest is { } newest && newest.Position == after ? newest : null;
                asked = _failures();
            }

            // Rows behind the page's last byte would be read for nothing.
            var events = Math.Clamp(JournalReader.DefaultPageBytes / Volatile.Read(ref _eventBytes), 1, PageEvents);
            var page = await (end is null ? _readPage.OfAsync(Log, after, events) : _readPage.WithLastAsync(Log, after, events));
            bool isNews;
            EventFrame[] frames;
            lock (_writing)
            {
                if (end is not null && page.Events.Count > 0 && end.IsNot(page.Events[0]))
                {
                    Fall(end.Position - 1);
                }

                var before = _head;
                frames = TakeIn(page, after, asked);
                isNews = _head > before || FellTo is not null;
            }

            // One watcher's page may go beyond the head that was known. What then says so, a hint or the sweep, is no news any more.
            if (isNews)
            {
                WakeAll();
            }

            return frames;
        }
        finally
        {
            lock (_writing)
            {
                _reading = _reading?.After == after ? null : _reading;
            }
        }
    }

    private EventFrame[] TakeIn(EventPage page, long after, long asked)
    {
        var events = page.Events;
        if (events.Count == 0)
        {
            return [];
        }

        var isNews = Math.Max(events[0].Position, after + 1) == _head + 1;
        _head = Math.Max(_head, events[^1].Position);
        _eventBytes = Math.Max(1, events.Sum(stored => stored.Bytes.Length) / events.Count);
        TakeIn(events, page.ReachedHead || isNews, Math.Min(asked, _noticed));
        if (FellTo is not null)
        {
            return [];
        }

        // Those of the ring, where it has them, so that a prefix is built once.
        return [.. events.Where(stored => stored.Position > after).Select(stored => _ring.Find(stored.Position) ?? new EventFrame(Cursors, stored))];
    }

    // After a failure of the store another one may answer, which lost what the ring ends with; and what comes in now may still be of the one
    // before. Both are looked up, while what comes goes its way.
    private void TakeIn(IReadOnlyList<StoredEvent> events, bool mayStartAnew, long asked)
    {
        _noticed = _failures();
        _doubts.Note(_ring.Newest, asked);
        Absorb(events, mayStartAnew);
        _doubts.Note(_ring.Newest, asked);
        _doubts.Settle(isSweep: false);
    }

    private void Fall(long head)
    {
        _ring.Clear();
        Volatile.Write(ref _fellTo, FellTo is { } known ? Math.Min(known, head) : head);
    }

    private void Absorb(IReadOnlyList<StoredEvent> events, bool mayStartAnew)
    {
        // The store has lost what it had, and has taken on since.
        if (_ring.FindOther(events) is { } lost)
        {
            Fall(lost - 1);
        }

        // Nothing that comes later may be shown to those who have seen what is lost.
        if (FellTo is not null)
        {
            return;
        }

        if (_ring.IsEmpty || events[0].Position > _ring.Last + 1)
        {
            if (!mayStartAnew)
            {
                return;
            }

            _ring.Clear();
        }

        foreach (var stored in events)
        {
            if (_ring.IsEmpty || stored.Position > _ring.Last)
            {
                _ring.Append(new EventFrame(Cursors, stored));
            }
        }
    }
}
