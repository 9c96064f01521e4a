using System.Diagnostics;
using Jobwatch.Bench.Figures;
using Jobwatch.Bench.Machine;

namespace Jobwatch.Bench.Watching;

/// <summary>Many watchers on one thread: a lean client, so that it is the server that is measured.</summary>
internal sealed class Watchers : IDisposable
{
    private const int BufferBytes = 256 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Epoll _epoll = new();
    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly List<Watcher> _watchers = [];
    private readonly object _moving = new();
    private long _slowest;

    /// <summary>Connects them one by one, and waits until all of them are live.</summary>
    public Watchers(IEnumerable<Func<Watcher>> connects)
    {
        foreach (var connect in connects)
        {
            var watcher = connect();
            watcher.StopWaiting();
            _epoll.Watch(watcher.Handle, _watchers.Count);
            _watchers.Add(watcher);
        }

        ReadUntil(() => _watchers.TrueForAll(watcher => watcher.IsLive));
    }

    /// <summary>
    /// How long to leave all of them alone between two looks. Where only the rate counts it lets what comes meanwhile be read by one
    /// call: a client that asks for every event by itself takes the machine from the server.
    /// </summary>
    public TimeSpan Rest { get; init; }

    public int Count => _watchers.Count;

    /// <summary>The events of all of them.</summary>
    public long Events => _watchers.Sum(watcher => watcher.Events);

    /// <summary>Waits until each watcher has so many events. For another thread than the one that reads.</summary>
    public void AwaitSlowest(long events, CancellationToken enough)
    {
        lock (_moving)
        {
            while (_slowest < events && !enough.IsCancellationRequested)
            {
                Monitor.Wait(_moving);
            }
        }
    }

    /// <summary>Reads for so long.</summary>
    public void ReadFor(TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        Read(() => clock.Elapsed >= time);
    }

    /// <summary>Reads for so long, and until something has come: a server that stands still is measured until it goes on.</summary>
    /// <returns>How many events came.</returns>
    public long CountFor(TimeSpan time)
    {
        var before = Events;
        ReadFor(time);
        ReadToSum(before + 1);
        return Events - before;
    }

    /// <summary>The same; tells how long the events took that came.</summary>
    public Latency TimeFor(TimeSpan time)
    {
        var latencies = new Latencies();
        _watchers.ForEach(watcher => watcher.Latencies = latencies);
        _ = CountFor(time);
        _watchers.ForEach(watcher => watcher.Latencies = null);
        return latencies.Summary();
    }

    /// <summary>Reads until each has so many events.</summary>
    public void ReadTo(long events) => ReadUntil(() => _slowest >= events);

    /// <summary>Reads until they have so many events together.</summary>
    public void ReadToSum(long events) => ReadUntil(() => Events >= events);

    /// <summary>Reads until something is done that needs them to.</summary>
    public TResult ReadWhile<TResult>(Task<TResult> work)
    {
        ReadUntil(() => work.IsCompleted);
        return work.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        // A producer may wait for them still, if they failed.
        lock (_moving)
        {
            _slowest = long.MaxValue;
            Monitor.PulseAll(_moving);
        }

        _watchers.ForEach(watcher => watcher.Dispose());
        _epoll.Dispose();
    }

    private void ReadUntil(Func<bool> isDone)
    {
        var clock = Stopwatch.StartNew();
        Read(() => isDone() || (clock.Elapsed > Patience ? throw new TimeoutException(Missing()) : false));
    }

    private string Missing() =>
        $"The watchers did not get what they wait for: {_watchers.Count(watcher => watcher.IsLive)} of {Count} are live, "
        + $"the slowest has {_watchers.Min(watcher => watcher.Events)} events, the fastest {_watchers.Max(watcher => watcher.Events)}.";

    private void Read(Func<bool> isDone)
    {
        while (!isDone())
        {
            if (Rest > TimeSpan.Zero)
            {
                Pace.SleepUntil(Stopwatch.GetTimestamp() + (long)Rest.TotalNanoseconds);
            }

            foreach (var number in _epoll.Wait(10))
            {
                _watchers[number].Read(_buffer);
            }

            lock (_moving)
            {
                _slowest = _watchers.Min(watcher => watcher.Events);
                Monitor.PulseAll(_moving);
            }
        }
    }
}
