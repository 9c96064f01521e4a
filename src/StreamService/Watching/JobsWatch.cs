using Jobwatch.Shared;
using Jobwatch.StreamService.Live;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Watching;

/// <summary>
/// One watch of many jobs, from its opening to its end. Its jobs take turns of so many events, those that have something; what one
/// asks of the store is answered while the others go on.
/// </summary>
internal sealed class JobsWatch : IAsyncDisposable
{
    /// <summary>Events of one job before it is the next one's turn.</summary>
    private const int TurnEvents = 64;

    /// <summary>Turns between two lots of snapshots, while there are both.</summary>
    private const int TurnsBetweenSnapshots = 8;

    private readonly JobsOrder _order;
    private readonly WatchRoom _room;
    private readonly WatchOutput _output;
    private readonly CancellationToken _caller;
    private readonly JobsStream _stream;
    private readonly CancellationTokenSource _over;
    private readonly Wakeup _wakeup = new();
    private readonly ReadyLines _ready;
    private readonly PageTurns _pages;
    private readonly JobLines _lines;
    private readonly LineQuestions _questions;
    private readonly JobsUpdates _updates;
    private readonly List<IDisposable> _releases = [];
    private readonly Queue<JobLine> _awaitSnapshots = new();
    private readonly HashSet<JobLine> _history = [];
    private bool _isLive;
    private int _turns;

    public JobsWatch(JobsOrder order, WatchRoom room, WatchOutput output, CancellationToken caller)
    {
        (_order, _room, _output, _caller) = (order, room, output, caller);
        _over = CancellationTokenSource.CreateLinkedTokenSource(caller);
        _ready = new ReadyLines(_wakeup);
        _pages = new PageTurns(_ready);
        _lines = new JobLines(order, room, _ready, _wakeup);
        _questions = new LineQuestions(room, _over.Token);
        _stream = new JobsStream(_lines.Cursor, output, room, _wakeup, _over.Token, caller);
        _updates = new JobsUpdates(_lines.Cursor, _stream, output);
    }

    public async Task RunAsync()
    {
        _releases.Add(_caller.UnsafeRegister(static wakeup => ((Wakeup)wakeup!).Signal(), _wakeup));
        _releases.Add(_room.Farewell.Begins.UnsafeRegister(static wakeup => ((Wakeup)wakeup!).Signal(), _wakeup));

        var gone = await _lines.OpenAsync(_caller);
        foreach (var line in _lines.Told)
        {
            _history.Add(line);
            if (line.AwaitsSnapshot)
            {
                _awaitSnapshots.Enqueue(line);
            }
        }

        var isShort = _lines.Cursor.TokenLength <= Truncation.MaxHeader;
        await _output.StartAsync(isShort ? _lines.Cursor.ToString() : null, nothingLeft: false);
        if (!isShort)
        {
            await _stream.SayAsync(new WatchJobsResponse { Heartbeat = new Heartbeat() });
        }

        foreach (var entry in gone)
        {
            // Which job that was, nobody knows any more.
            var gap = new Gap { FirstPosition = Math.Max(entry.Position, 0) + 1, Reason = Truncation.Deleted, JobId = "" };
            _lines.Forget(entry);
            await _stream.SayAsync(new WatchJobsResponse { Gap = gap });
        }

        await FollowAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _releases.ForEach(release => release.Dispose());
        await _over.CancelAsync();
        // An answer may bring a log that has to be let go of.
        await Task.WhenAll(_lines.All.Select(line => line.Asked).OfType<Task>()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _lines.Dispose();
        _stream.Dispose();
        _over.Dispose();
    }

    private async Task FollowAsync()
    {
        while (true)
        {
            await _stream.LeaveIfOverAsync();
            await _updates.LetOutDueAsync();
            if (_lines.HasNewcomers)
            {
                await EndReplacedAsync();
                await _lines.JoinAsync(_stream.AskAsync);
            }

            var isTimeForSnapshots = _awaitSnapshots.Count > 0 && ++_turns % TurnsBetweenSnapshots == 0;
            if (!isTimeForSnapshots && _ready.Take() is { } line)
            {
                await TakeTurnAsync(line);
            }
            else if (_awaitSnapshots.Count > 0)
            {
                await SnapshotAsync();
            }
            else if (!_isLive && _history.Count == 0)
            {
                _isLive = true;
                await _updates.LetOutAllAsync();
                await _stream.SayAsync(new WatchJobsResponse { CaughtUp = new CaughtUp() });
            }
            else
            {
                await _stream.RestAsync(_updates.UntilNext);
            }
        }
    }

    private async ValueTask TakeTurnAsync(JobLine line)
    {
        if (line.Asked is { } asked)
        {
            if (!asked.IsCompleted)
            {
                return;
            }

            line.Asked = null;
            await asked;
        }

        if (line.Log is null)
        {
            LookFor(line);
        }
        else if (line.Floor < 0)
        {
            await EndAsync(line);
        }
        else if (line.Floor > 0)
        {
            await PassGapAsync(line);
        }
        else if (!line.AwaitsSnapshot)
        {
            await TellAsync(line, line.Log);
        }
    }

    // A line whose job isn't there.
    private void LookFor(JobLine line)
    {
        if (line.Found is { } found)
        {
            _lines.Appear(line, found);
        }
        else if (line.Awaited is { HasAppeared: true })
        {
            _questions.Find(line);
        }
    }

    private async ValueTask TellAsync(JobLine line, LogFollower log)
    {
        for (var told = 0; told < TurnEvents; told++)
        {
            if (log.Peek() is not { } frame)
            {
                await RunDryAsync(line, log);
                return;
            }

            if (!line.Labels!.Knows(frame.Stored.Head.ExecutionId))
            {
                _questions.Learn(line);
                return;
            }

            await PassAsync(line, log, frame);
        }

        _ready.Add(line);
    }

    private async ValueTask PassAsync(JobLine line, LogFollower log, EventFrame frame)
    {
        var head = frame.Stored.Head;
        var isSelected = line.Labels!.Selects(frame.Stored) && _order.Filter.SelectsExecution(head.ExecutionId);
        var isTold = isSelected && _order.Filter.SelectsEvent(frame.Stored);
        if (isTold)
        {
            await _updates.PassAsync(line, frame);
        }

        _updates.Scanned(line, frame.Position + 1);
        log.Advance();
        if (head.Ends && isSelected)
        {
            await _updates.LetOutAsync(line);
            _updates.Scanned(line, log.Next);
            await _stream.SayAsync(line.Job.JobId, new WatchJobsResponse
            {
                ExecutionEnded = new ExecutionEnded
                {
                    ExecutionId = head.ExecutionId,
                    Status = head.Status,
                    Position = frame.Position,
                    JobId = line.Job.JobId,
                },
            });
        }

        if (!isTold)
        {
            // After the end: a heartbeat's cursor stands behind the event, and who went on from there would not be told the end.
            await _stream.PassOverAsync();
        }
    }

    // A line that has nothing at hand: it reads when it is its turn, or its log is at its end.
    private async ValueTask RunDryAsync(JobLine line, LogFollower log)
    {
        if (line.Turn == PageTurn.Has)
        {
            // With the page goes what was learnt for it, so that jobs at rest hold neither.
            line.Decide(_room.Opener.Labels(_order, log.Log));
            _pages.GiveOn(line);
        }

        if (log.IsGone)
        {
            await EndAsync(line);
        }
        else if (log.FellTo is { } head)
        {
            throw Truncation.FellBack(log.Next - 1, head);
        }
        else if (log.IsBehind)
        {
            if (_pages.TryTake(line))
            {
                FellBack(line);
                _questions.Read(line);
            }
        }
        else
        {
            _pages.GiveOn(line);
            line.IsLive = true;
            _history.Remove(line);
        }
    }

    private void FellBack(JobLine line)
    {
        if (line.IsLive)
        {
            _room.Metrics.FellBack();
        }
    }

    private async Task PassGapAsync(JobLine line)
    {
        var (log, floor) = (line.Log!, line.Floor);
        Log.MetTruncatedHistory(_room.Logger, line.Job.JobId, log.Next, floor);
        await _updates.LetOutAsync(line);
        var gap = new Gap { FirstPosition = log.Next, LastPosition = floor, Reason = Truncation.Reason, JobId = line.Job.JobId };
        _lines.Cursor.Move(line.Mark!, floor);
        if (!_order.GoOnWhereTruncated)
        {
            throw Truncation.Error(log.Log, gap.FirstPosition - 1, floor, _lines.Cursor);
        }

        log.MoveTo(floor + 1);
        line.Floor = 0;
        // Labels that the gap swallowed have to count.
        line.Decide(_room.Opener.Labels(_order, log.Log));
        await _stream.SayAsync(line.Job.JobId, new WatchJobsResponse { Gap = gap });
        _ready.Add(line);
    }

    // A job that was deleted and made again at other nodes is found before the sweep misses its first life, which has to end first.
    private async Task EndReplacedAsync()
    {
        // One that has asked something ends at its own turn. The store is asked once for each change of the selection: what is still there
        // then is told of by the sweep.
        if (_lines.TakeRivalled().Where(line => line.Asked is null or { IsCompleted: true }).ToList() is { Count: > 0 } rivalled)
        {
            var heads = await _stream.AskAsync(asked => _room.Journal.HeadsAsync([.. rivalled.Select(line => line.Log!.Log)], asked));
            foreach (var line in rivalled.Where(line => !heads.ContainsKey(line.Log!.Log.Incarnation)))
            {
                await EndAsync(line);
            }
        }
    }

    // Its job was deleted: the other jobs go on.
    private async Task EndAsync(JobLine line)
    {
        Log.JobDeleted(_room.Logger, line.Job.JobId);
        await _updates.LetOutAsync(line);
        var log = line.Log!;
        var gap = new Gap
        {
            FirstPosition = log.Next,
            LastPosition = Math.Max(log.Head, log.Next - 1),
            Reason = Truncation.Deleted,
            JobId = line.Job.JobId,
        };
        _pages.GiveOn(line);
        line.Turn = PageTurn.None;
        _history.Remove(line);
        if (_lines.End(line))
        {
            _questions.Find(line);
        }

        await _stream.SayAsync(line.Job.JobId, new WatchJobsResponse { Gap = gap });
    }

    private async Task SnapshotAsync()
    {
        // Few where a filter may have to look through many executions of each.
        var most = _order.Filter.SelectsAllExecutions ? 20 : 1;
        var lines = new List<JobLine>();
        while (lines.Count < most && _awaitSnapshots.TryDequeue(out var line))
        {
            // Without a log it has ended meanwhile: another life of its job took its place.
            if (line.Log is not null)
            {
                lines.Add(line);
            }
        }

        if (lines.Count == 0)
        {
            return;
        }

        var found = await _stream.AskAsync(asked => _room.Catalog.SnapshotsAsync(
            _order.Tenant, [.. lines.Select(line => line.Job.JobId)], Snapshots.Query(_order.Filter), asked));
        var byLog = found.ToDictionary(snapshot => snapshot.Head.Log);
        foreach (var line in lines)
        {
            var log = line.Log!;
            if (!byLog.TryGetValue(log.Log, out var snapshot))
            {
                await EndAsync(line);
                continue;
            }

            var head = snapshot.Head.Head;
            log.RaiseHead(head);
            log.MoveTo(head + 1);
            _lines.Cursor.Move(line.Mark!, head);
            await _stream.SayAsync(line.Job.JobId, new WatchJobsResponse { Snapshot = Snapshots.Of(snapshot, log.Cursors.After(head)) });
            _ready.Add(line);
        }
    }
}
