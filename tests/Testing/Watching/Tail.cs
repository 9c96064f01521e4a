using Jobwatch.V1;
using Xunit;

namespace Jobwatch.Testing.Watching;

/// <summary>Watches a job from its first event on, every position once and in order over all sessions; a miss fails the session.</summary>
internal sealed class Tail(Transport transport, string jobId)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private long _position;
    private Exception? _failure;

    /// <summary>The last message of all; null before the first.</summary>
    public WatchJobResponse? Last { get; private set; }

    /// <summary>The last event's position.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>Goes on behind the last message until the stream ends or the reader leaves. Throws what the stream ends with.</summary>
    public async Task ReadToTheEndAsync(CancellationToken leave = default)
    {
        var start = Last is null ? new WatchStart { Beginning = true } : new WatchStart { Cursor = Last.Cursor };
        try
        {
            await using var session = await transport.OpenAsync(new WatchJobRequest { JobId = jobId, Start = start, AllowMissing = true }, leave);
            await foreach (var message in session.Messages)
            {
                if (message.Event is { } item)
                {
                    Assert.Equal(Position + 1, item.Position);
                    Volatile.Write(ref _position, item.Position);
                }
                Last = message;
            }
        }
        catch (Exception) when (leave.IsCancellationRequested)
        {
            // It ended because it was told to.
        }
        catch (Exception failure)
        {
            _failure = failure;
            throw;
        }
    }

    public async Task ReachedAsync(long position, TimeSpan? deadline = null)
    {
        try
        {
            await Eventually.TrueAsync(() => Position >= position, deadline ?? Deadline, "a watcher went on");
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"The watcher over {transport} is at {Position} and not at {position}; {_failure?.Message ?? "nothing broke"}", late);
        }
    }
}
