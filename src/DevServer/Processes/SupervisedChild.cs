namespace Jobwatch.DevServer.Processes;

/// <summary>One of the servers, kept running until it is told to stop.</summary>
internal sealed class SupervisedChild : IDisposable
{
    private static readonly TimeSpan ReadyInterval = TimeSpan.FromMilliseconds(50);

    private readonly ChildPlan _plan;
    private readonly PidFile _pidFile;
    private readonly LogFile _log;
    private readonly Terminal _terminal;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private RunningChild? _child;
    private Task _supervision = Task.CompletedTask;

    public SupervisedChild(ChildPlan plan, PidFile pidFile, LogFile log, Terminal terminal, TimeProvider time) =>
        (_plan, _pidFile, _log, _terminal, _time) = (plan, pidFile, log, terminal, time);

    public string Name => _plan.Name;

    /// <summary>Starts it and waits until it is ready; from then on it is started again whenever it ends.</summary>
    /// <exception cref="ServerFailure">It ended, or wasn't ready in time; the message has its last lines.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _child = _plan.Leftover() is { } process ? Attach(process) : Launch();
        if (await BecomeReadyAsync(_child, cancellationToken) is { } trouble)
            throw new ServerFailure($"{Name} did not start: {trouble}. Its log: {_log.Path}{_child.Tail}");
        _supervision = StartAgainWheneverItEndsAsync(_child);
    }

    /// <summary>Ends it: by a request, by force when that takes longer than its grace or when <paramref name="forced"/>.</summary>
    public async Task StopAsync(CancellationToken forced)
    {
        await _stopping.CancelAsync();
        await _supervision;
        if (_child is not { } child)
            return;
        child.Signal(_plan.Stop);
        try
        {
            await child.Ended.WaitAsync(_plan.Grace, _time, forced);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            _terminal.Warn($"{Name} (process {child.Id}) is ended by force.");
            child.Signal(_plan.Force);
            await child.Ended;
        }
        _pidFile.Delete();
    }

    public void Dispose()
    {
        _log.Dispose();
        _stopping.Dispose();
    }

    private RunningChild Attach(ProcessIdentity process)
    {
        _terminal.Say($"{Name} is still running as process {process.Id}: going on with it.");
        return RunningChild.Attach(process, _time);
    }

    private RunningChild Launch()
    {
        var child = RunningChild.Start(_plan.Command(), new ChildOutput(_plan, _log, _terminal), _time);
        _pidFile.Write(child.Identity);
        return child;
    }

    /// <summary>Null when it is ready, else what kept it from that.</summary>
    private async Task<string?> BecomeReadyAsync(RunningChild child, CancellationToken cancellationToken)
    {
        long begin = _time.GetTimestamp();
        while (!await _plan.IsReady(cancellationToken))
        {
            if (child.Ended.IsCompleted)
                return await child.Ended;
            if (_time.GetElapsedTime(begin) > _plan.StartDeadline)
                return $"not ready after {_plan.StartDeadline.TotalSeconds:0} s";
            await Task.WhenAny(child.Ended, Task.Delay(ReadyInterval, _time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
        return null;
    }

    private async Task StartAgainWheneverItEndsAsync(RunningChild child)
    {
        var delay = new RestartDelay();
        long begin = _time.GetTimestamp();
        try
        {
            while (true)
            {
                string how = await child.Ended.WaitAsync(_stopping.Token);
                var pause = delay.After(_time.GetElapsedTime(begin));
                _terminal.Warn($"{Name} ended unexpectedly ({how}); starting it again in {pause.TotalSeconds:0.#} s.{child.Tail}");
                await Task.Delay(pause, _time, _stopping.Token);
                begin = _time.GetTimestamp();
                _child = child = Launch();
                if (await BecomeReadyAsync(child, _stopping.Token) is null)
                    _terminal.Say($"{Name} is back.");
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Asked to stop: StopAsync ends the child.
        }
    }
}
