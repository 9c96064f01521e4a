using Jobwatch.Testing.Producing;
using Jobwatch.Testing.Watching;
using Jobwatch.V1;
using Xunit;

namespace Jobwatch.EndToEnd.Tests.Rolling;

/// <summary>
/// Follows a job over as many sessions as it takes, every position once and in order, and comes back as a browser does: after the delay
/// that it was told. It measures how long events were stored and not here yet.
/// </summary>
internal sealed class Follower(Transport transport, string jobId)
{
    private long _position;
    private long _longest;
    private WatchJobResponse? _last;

    /// <summary>The last event's position.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>Sessions so far.</summary>
    public int Sessions { get; private set; }

    /// <summary>The longest wait since it was asked before.</summary>
    public TimeSpan TakeLongestWait() => TimeSpan.FromTicks(Interlocked.Exchange(ref _longest, 0));

    public async Task RunAsync(CancellationToken leave)
    {
        while (!leave.IsCancellationRequested)
        {
            try
            {
                await ReadAsync(leave);
                if (_last?.Draining is { } draining)
                    await Task.Delay(draining.RetryDelay.ToTimeSpan(), TimeProvider.System, leave);
            }
            catch (Exception failure) when (leave.IsCancellationRequested || Breaks.IsBreak(failure))
            {
                // It goes on by its cursor.
            }
        }
    }

    private async Task ReadAsync(CancellationToken leave)
    {
        Sessions++;
        var start = _last is null ? new WatchStart { Beginning = true } : new WatchStart { Cursor = _last.Cursor };
        await using var session = await transport.OpenAsync(new WatchJobRequest { JobId = jobId, Start = start, AllowMissing = true }, leave);
        await foreach (var message in session.Messages)
        {
            if (message.Event is { } item)
                Take(item);
            _last = message;
        }
    }

    private void Take(ExecutionEvent item)
    {
        Assert.Equal(Position + 1, item.Position);
        Volatile.Write(ref _position, item.Position);
        var wait = TimeProvider.System.GetUtcNow() - item.RecordedAt.ToDateTimeOffset();
        // Alone in writing more: it is reset by others only.
        if (wait.Ticks > Interlocked.Read(ref _longest))
            Interlocked.Exchange(ref _longest, wait.Ticks);
    }
}
