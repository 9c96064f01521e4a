using Jobwatch.Faults.Tests.Load;
using Jobwatch.Testing;
using Jobwatch.Testing.Watching;
using Jobwatch.V1;

namespace Jobwatch.Faults.Tests.Watchers;

/// <summary>
/// Watches a job from its first event on, over as many sessions as it takes. A session that breaks, or says nothing for longer
/// than its heartbeats allow, is followed by one at the next place, from the last cursor.
/// </summary>
/// <param name="jobId">The job.</param>
/// <param name="filter">What it wants of it.</param>
/// <param name="places">Where it can watch.</param>
/// <param name="home">Which of them it begins with.</param>
/// <param name="random">Of its own.</param>
internal sealed class Watcher(string jobId, EventFilter filter, IReadOnlyList<Transport> places, int home, Random random)
{
    /// <summary>A heartbeat comes each second.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private readonly List<ExecutionEvent> _seen = [];
    private string? _cursor;
    private long _position;
    private int _sessions;
    private int _broken;
    private int _farewells;
    private int _place = home;
    private long _lastEvent;
    private TimeSpan _longestWait;

    public string JobId => jobId;

    public EventFilter Filter => filter;

    /// <summary>The events of all sessions, as they came; to be read when it has ended.</summary>
    public IReadOnlyList<ExecutionEvent> Seen => _seen;

    /// <summary>The last event's position.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>Where it stands; null before the first message.</summary>
    public string? Cursor => Volatile.Read(ref _cursor);

    /// <summary>The place that it watches at, or tries to.</summary>
    public int Place => Volatile.Read(ref _place) % places.Count;

    /// <summary>Sessions that were opened.</summary>
    public int Sessions => Volatile.Read(ref _sessions);

    /// <summary>Sessions that ended, and tries that came to none.</summary>
    public int Broken => Volatile.Read(ref _broken);

    /// <summary>Sessions that said that the server leaves.</summary>
    public int Farewells => Volatile.Read(ref _farewells);

    /// <summary>The longest time between two events.</summary>
    public TimeSpan LongestWait => _longestWait;

    /// <summary>What it took for no break; it watches no more then.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Lets go of its session in the middle, as a client does that is cut off, and goes on at the same place.</summary>
    public Func<WatchJobResponse, bool> LeavesAfter { get; init; } = _ => false;

    public async Task RunAsync(CancellationToken leave)
    {
        while (!leave.IsCancellationRequested && Failure is null)
        {
            using var silence = CancellationTokenSource.CreateLinkedTokenSource(leave);
            try
            {
                await WatchAsync(silence);
            }
            catch (Exception) when (leave.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (silence.IsCancellationRequested || Interruption.Is(failure))
            {
                // It goes on, elsewhere.
            }
            catch (Exception failure)
            {
                Failure = failure;
                return;
            }
            Interlocked.Increment(ref _broken);
            Interlocked.Increment(ref _place);
            await Hold.ForAsync(TimeSpan.FromMilliseconds(random.Next(20, 200)), leave).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public override string ToString() =>
        $"the watcher of {jobId} with {filter} at {places[Place]} {Place}, at {Position} after {Sessions} sessions, {Failure?.Message ?? "all well"}";

    private async Task WatchAsync(CancellationTokenSource silence)
    {
        silence.CancelAfter(Patience);
        var start = _cursor is null ? new WatchStart { Beginning = true } : new WatchStart { Cursor = _cursor };
        var request = new WatchJobRequest { JobId = jobId, Start = start, Filter = filter, AllowMissing = true };
        await using var session = await places[Place].OpenAsync(request, silence.Token);
        Interlocked.Increment(ref _sessions);
        await foreach (var message in session.Messages)
        {
            silence.CancelAfter(Patience);
            Take(message);
            if (LeavesAfter(message))
                return;
        }
    }

    private void Take(WatchJobResponse message)
    {
        Volatile.Write(ref _cursor, message.Cursor);
        if (message.Draining is not null)
            Interlocked.Increment(ref _farewells);
        if (message.Event is not { } item)
            return;
        long now = TimeProvider.System.GetTimestamp();
        if (_lastEvent > 0 && TimeProvider.System.GetElapsedTime(_lastEvent, now) is var wait && wait > _longestWait)
            _longestWait = wait;
        _lastEvent = now;
        _seen.Add(item);
        Volatile.Write(ref _position, item.Position);
    }
}
