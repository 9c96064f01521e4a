using Google.Protobuf.WellKnownTypes;
using Jobwatch.Shared;
using Jobwatch.StreamService.Cursors;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Watching;

/// <summary>The stream of one watch of many jobs: what is said on it with the cursor of all, and how it sleeps and ends.</summary>
/// <param name="cursor">Where the watch stands.</param>
/// <param name="output">Where it goes.</param>
/// <param name="room">What all watches share.</param>
/// <param name="wakeup">What the watch sleeps on.</param>
/// <param name="over">Cancelled when the watch is over.</param>
/// <param name="caller">Cancelled when its caller has left.</param>
internal sealed class JobsStream(
    JobsCursor cursor, WatchOutput output, WatchRoom room, Wakeup wakeup, CancellationToken over, CancellationToken caller) : IDisposable
{
    /// <summary>Events passed over between two looks at the clock.</summary>
    private const int HeartbeatStride = 256;

    private readonly PatientStore _store = new(room, "many jobs", over);
    private readonly Alarm _alarm = new(room.Time, wakeup);
    private readonly StreamAge _age = new(room.Time, room.Options.MaxStreamAge, wakeup);
    private int _passedOver;

    private bool IsOver => caller.IsCancellationRequested || room.Farewell.HasBegun || _age.IsReached;

    /// <summary>Says something of one job.</summary>
    public ValueTask SayAsync(string jobId, WatchJobsResponse message)
    {
        message.JobId = jobId;
        return SayAsync(message);
    }

    public ValueTask SayAsync(WatchJobsResponse message) => output.WriteAsync(new JobsNotice(cursor, message));

    /// <summary>For an event that is not sent: heartbeats come also while a filter passes over history.</summary>
    public ValueTask PassOverAsync() => ++_passedOver % HeartbeatStride == 0 ? BeatAsync() : ValueTask.CompletedTask;

    /// <summary>Asks the store what the watch as a whole has to know before it goes on.</summary>
    public async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> question)
    {
        var answer = _store.AskAsync(question);
        answer.GetAwaiter().UnsafeOnCompleted(wakeup.Signal);
        while (!answer.IsCompleted)
        {
            await RestAsync();
        }

        return await answer;
    }

    /// <summary>
    /// The one place where the watch sleeps: nothing stays buffered, heartbeats come, and it ends when it has to. It may wake
    /// for no reason of the caller's.
    /// </summary>
    /// <param name="atMost">How long; null: until a heartbeat is due.</param>
    public async ValueTask RestAsync(TimeSpan? atMost = null)
    {
        await LeaveIfOverAsync();
        await BeatAsync();
        await output.FlushAsync();
        var heartbeat = output.UntilHeartbeat;
        _alarm.Set(atMost < heartbeat ? atMost.Value : heartbeat);
        await wakeup.WaitAsync();
    }

    /// <summary>Ends the watch, where its caller has left, the server leaves, or it is old.</summary>
    public ValueTask LeaveIfOverAsync() => IsOver ? LeaveAsync() : ValueTask.CompletedTask;

    public void Dispose()
    {
        _alarm.Dispose();
        _age.Dispose();
    }

    private async ValueTask BeatAsync()
    {
        if (output.UntilHeartbeat <= TimeSpan.Zero)
        {
            await SayAsync(new WatchJobsResponse { Heartbeat = new Heartbeat() });
            await output.FlushAsync();
            room.Metrics.HeartbeatSent();
        }
    }

    private async ValueTask LeaveAsync()
    {
        caller.ThrowIfCancellationRequested();
        var leaving = room.Farewell.Leave();
        await SayAsync(new WatchJobsResponse { Draining = new Draining { RetryDelay = Duration.FromTimeSpan(leaving.Delay) } });
        await output.FlushAsync();
        throw leaving.Status;
    }
}
