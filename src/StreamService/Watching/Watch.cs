using Grpc.Core;
using Jobwatch.Shared;
using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Errors;
using Jobwatch.StreamService.Filters;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Live;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Watching;

/// <summary>
/// One watch, from its opening to its end. It is at one of three things: catching up with pages of the store, live from the
/// ring, or at rest until something happens; where the ring doesn't have the next event it catches up again.
/// </summary>
internal sealed class Watch(WatchOrder order, WatchRoom room, WatchOutput output, CancellationToken caller) : IDisposable
{
    /// <summary>How often a store that is away is asked again.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(250);

    /// <summary>Events passed over between two looks at the clock.</summary>
    private const int HeartbeatStride = 256;

    private readonly Wakeup _wakeup = new();
    private readonly List<IDisposable> _releases = [];
    private readonly Conflation? _conflation = order.MaxUpdatesPerSecond == 0 ? null : new Conflation(order.MaxUpdatesPerSecond, room.Time);
    private Alarm? _alarm;
    private StreamAge? _age;
    private LogFollower? _log;
    private LabelSelection? _labels;
    private EndCondition _until = EndCondition.Before(order);
    private string? _awaited;
    private string? _forgotten;
    private bool _isLive;
    private bool _hasGap;
    private int _passedOver;

    // Stands after everything that was scanned, whether it was sent or not, but before what waits for its turn.
    private Cursor Scanned => Passed with { Awaits = _awaited is not null };

    private Cursor Passed => _log is null
        ? Cursor.BeforeFirst(order.Job)
        : _log.Cursors.After((_conflation?.FirstUntold(_log.Next) ?? _log.Next) - 1);

    public async Task RunAsync()
    {
        _alarm = new Alarm(room.Time, _wakeup);
        _age = new StreamAge(room.Time, room.Options.MaxStreamAge, _wakeup);
        _releases.Add(caller.UnsafeRegister(static wakeup => ((Wakeup)wakeup!).Signal(), _wakeup));
        _releases.Add(room.Farewell.Begins.UnsafeRegister(static wakeup => ((Wakeup)wakeup!).Signal(), _wakeup));

        var opened = await room.Opener.OpenAsync(order, _wakeup, caller);
        _log = opened.Log;
        _until = opened.Until;
        _awaited = opened.AwaitedExecution;
        _forgotten = opened.ForgottenExecution;
        await output.StartAsync(opened.StartedFrom.ToString(), opened.NothingLeft);
        if (opened.NothingLeft)
        {
            return;
        }

        if (_log is null)
        {
            await BeLiveAsync();
            await AwaitJobAsync();
        }
        else if (opened.Snapshot is not null)
        {
            await SayAsync(new WatchJobResponse { Snapshot = opened.Snapshot });
        }

        await FollowAsync(_log!);
        if (!caller.IsCancellationRequested)
        {
            await LetOutAsync(inAnyCase: true);
            await output.FlushAsync();
        }
    }

    public void Dispose()
    {
        _releases.ForEach(release => release.Dispose());
        _log?.Dispose();
        _alarm?.Dispose();
        _age?.Dispose();
    }

    // Ends without an exception when the caller leaves, as all do whom an edge serves from its feed: it would be thrown anew by each of the
    // methods that wait for this one.
    private async Task FollowAsync(LogFollower log)
    {
        _labels = room.Opener.Labels(order, log.Log);
        while (!caller.IsCancellationRequested)
        {
            if (IsOver)
            {
                await LeaveAsync();
            }

            if (log.Peek() is { } frame)
            {
                if (await PassAsync(log, frame))
                {
                    return;
                }
            }
            else if (log.IsGone)
            {
                await LetOutAsync(inAnyCase: true);
                throw Deleted();
            }
            else if (log.FellTo is { } head)
            {
                throw Truncation.FellBack(log.Next - 1, head);
            }
            else if (log.IsBehind)
            {
                await CatchUpAsync(log);
                if (_until.WasMet)
                {
                    return;
                }
            }
            else if (_until.IsNothingOpen && (!_isLive || _hasGap))
            {
                return;
            }
            else if (!_isLive)
            {
                await BeLiveAsync();
            }
            else
            {
                await RestAsync(Timeout.InfiniteTimeSpan);
            }
        }
    }

    // True if the watch ends with this event.
    private async ValueTask<bool> PassAsync(LogFollower log, EventFrame frame)
    {
        var head = frame.Stored.Head;
        if (!_labels!.Knows(head.ExecutionId))
        {
            await AskAsync(cancellation => LearnAsync(log, frame, cancellation));
        }

        var carriesLabels = _labels.Selects(frame.Stored);
        _awaited = _awaited == head.ExecutionId ? null : _awaited;
        var isSelected = carriesLabels && _awaited is null && order.Filter.SelectsExecution(head.ExecutionId);
        var isSent = isSelected && order.Filter.SelectsEvent(frame.Stored) && _conflation?.TryHold(frame) != true;
        if (isSent)
        {
            await LetOutAsync(inAnyCase: true);
            await PaceAsync(frame);
            await output.WriteAsync(frame);
        }

        log.Advance();
        // A watch that ends with the execution says so even where the labels leave the execution out: it may have said nothing else.
        if (head.Ends && (isSelected || _until.Names(head.ExecutionId)))
        {
            await SayAsync(new WatchJobResponse
            {
                ExecutionEnded = new ExecutionEnded { ExecutionId = head.ExecutionId, Status = head.Status, Position = frame.Position },
            });
        }

        if (!isSent && ++_passedOver % HeartbeatStride == 0)
        {
            await BeatAsync();
        }

        return _until.EndsWith(head, carriesLabels) || (_until.IsUnsure && await IsNothingOpenAsync(log));
    }

    // Asks the store: more executions were open than a watch holds.
    private async Task<bool> IsNothingOpenAsync(LogFollower log)
    {
        var passed = log.Next - 1;
        _until = await AskAsync(cancellation => room.Opener.EndAsync(order, log.Log, passed, cancellation));
        if (!_until.IsNothingOpen)
        {
            return false;
        }

        // Of a log that was deleted nothing is open either.
        var head = await AskAsync(cancellation => room.Journal.FindJobAsync(order.Job, cancellation));
        return head?.Log == log.Log ? true : throw Deleted();
    }

    private async Task CatchUpAsync(LogFollower log)
    {
        if (_isLive)
        {
            room.Metrics.FellBack();
        }

        if (await AskAsync(log.ReadAsync))
        {
            return;
        }

        // The store has nothing where something was: only it can say why.
        var truncated = await AskAsync(cancellation => Truncation.FloorAsync(log, room.Journal, cancellation));
        await LetOutAsync(inAnyCase: true);
        var floor = truncated ?? throw Deleted();
        Log.MetTruncatedHistory(room.Logger, order.Job.JobId, log.Next, floor);
        if (!order.GoOnWhereTruncated)
        {
            throw Truncation.Error(order, log.Log, log.Next - 1, floor);
        }

        var gap = new Gap { FirstPosition = log.Next, LastPosition = floor, Reason = Truncation.Reason };
        log.MoveTo(floor + 1);
        // It may have swallowed the end that the watch waits for.
        _hasGap = true;
        await SayAsync(new WatchJobResponse { Gap = gap });
        // Labels, beginnings and ends that the gap swallowed have to count.
        _labels = room.Opener.Labels(order, log.Log);
        _until = await AskAsync(cancellation => room.Opener.EndAsync(order, log.Log, floor, cancellation));
        _until.Forget(_forgotten);
        if (_awaited is { } awaited
            && !await AskAsync(cancellation => room.Opener.IsYetToBeginAsync(log.Log, awaited, floor, cancellation)))
        {
            _awaited = null;
        }
    }

    private async Task AwaitJobAsync()
    {
        using var job = room.Missing.Await(order.Job, _wakeup);
        while (true)
        {
            job.Reset();
            if (await FollowJobAsync() is var (follower, _))
            {
                _log = follower;
                return;
            }

            while (!job.HasAppeared)
            {
                await RestAsync(Timeout.InfiniteTimeSpan);
            }
        }
    }

    private async Task<FollowedLog?> FollowJobAsync()
    {
        var asked = Task.FromResult<FollowedLog?>(null);
        try
        {
            return await AskAsync(cancellation => asked = room.Opener.FollowAsync(order.Job, _wakeup, cancellation));
        }
        catch
        {
            // The watch ends and may leave the question unanswered: what is followed then has to be let go of.
            _ = FollowedLog.LetGoAsync(asked);
            throw;
        }
    }

    private async ValueTask PaceAsync(EventFrame frame)
    {
        if (order.Pace is { } pace)
        {
            while (pace.Before(frame.Stored) is var pause && pause > TimeSpan.Zero)
            {
                await RestAsync(pause);
            }

            pace.Sent(frame.Stored);
        }
    }

    private async Task<bool> LearnAsync(LogFollower log, EventFrame frame, CancellationToken cancellation)
    {
        await _labels!.LearnAsync(log.Page.Prepend(frame).Select(next => next.Stored.Head.ExecutionId), cancellation);
        return true;
    }

    private Task BeLiveAsync()
    {
        _isLive = true;
        return SayAsync(new WatchJobResponse { CaughtUp = new CaughtUp() });
    }

    private async Task SayAsync(WatchJobResponse message)
    {
        await LetOutAsync(inAnyCase: true);
        await output.WriteAsync(new Notice(Scanned, message));
    }

    // Sends what waits, as far as it is its turn, or in any case: before whatever stands for more than that.
    private ValueTask LetOutAsync(bool inAnyCase) =>
        _conflation is null ? ValueTask.CompletedTask : LetOutAsync(_conflation, inAnyCase);

    private async ValueTask LetOutAsync(Conflation conflation, bool inAnyCase)
    {
        while (conflation.Take(inAnyCase) is { } next)
        {
            if (next.LeftOut > 0)
            {
                var told = _log!.Cursors.After(next.Frame.Position - 1);
                await output.WriteAsync(new Notice(told, new WatchJobResponse { Conflated = new Conflated { Count = next.LeftOut } }));
            }

            await output.WriteAsync(next.Frame);
        }
    }

    private async ValueTask BeatAsync()
    {
        await LetOutAsync(inAnyCase: false);
        if (output.UntilHeartbeat <= TimeSpan.Zero)
        {
            // It lets nothing out before its turn: heartbeats may come more often than that.
            await output.WriteAsync(new Notice(Scanned, new WatchJobResponse { Heartbeat = new Heartbeat() }));
            await output.FlushAsync();
            room.Metrics.HeartbeatSent();
        }
    }

    // Asks the store. While it is away it is asked again, for as long as patience lasts; heartbeats go on.
    private async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> question)
    {
        long? since = null;
        while (true)
        {
            try
            {
                var answer = question(caller);
                answer.GetAwaiter().UnsafeOnCompleted(_wakeup.Signal);
                while (!answer.IsCompleted)
                {
                    await RestAsync(Timeout.InfiniteTimeSpan);
                }

                return await answer;
            }
            catch (StoreUnavailableException away)
            {
                since ??= room.Time.GetTimestamp();
                if (room.Time.GetElapsedTime(since.Value) >= room.Options.StorePatience)
                {
                    throw RpcErrors.Unavailable(
                        Reasons.StoreUnavailable, "The store can't be reached for now: go on from the last cursor, later.", TimeSpan.FromSeconds(1));
                }

                Log.WaitsForStore(room.Logger, order.Job.JobId, away.Message);
            }

            var asked = room.Time.GetTimestamp();
            while (RetryDelay - room.Time.GetElapsedTime(asked) is var rest && rest > TimeSpan.Zero)
            {
                await RestAsync(rest);
            }
        }
    }

    // The one place where a watch sleeps: nothing stays buffered, heartbeats come, and it ends when it has to. It may wake
    // for no reason of the caller's.
    private async ValueTask RestAsync(TimeSpan atMost)
    {
        if (IsOver)
        {
            await LeaveAsync();
        }

        await BeatAsync();
        await output.FlushAsync();
        var heartbeat = output.UntilHeartbeat;
        _alarm!.Set(atMost >= TimeSpan.Zero && atMost < heartbeat ? atMost : heartbeat);
        if (_conflation?.UntilNext is { } turn)
        {
            _alarm.Set(turn);
        }

        await _wakeup.WaitAsync();
    }

    private bool IsOver => caller.IsCancellationRequested || room.Farewell.HasBegun || _age!.IsReached;

    private async Task LeaveAsync()
    {
        caller.ThrowIfCancellationRequested();
        var leaving = room.Farewell.Leave();
        await SayAsync(new WatchJobResponse { Draining = new Draining { RetryDelay = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(leaving.Delay) } });
        await output.FlushAsync();
        throw leaving.Status;
    }

    private RpcException Deleted()
    {
        Log.JobDeleted(room.Logger, order.Job.JobId);
        return RpcErrors.NotFound(Reasons.JobNotFound, $"The job '{order.Job.JobId}' was deleted while it was watched.");
    }
}
