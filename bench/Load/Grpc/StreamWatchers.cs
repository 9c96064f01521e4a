using System.Diagnostics;
using Jobwatch.Bench.Http2;
using Jobwatch.Bench.Watching;

namespace Jobwatch.Bench.Grpc;

/// <summary>Many watches over a few connections, all on one thread and in raw frames.</summary>
internal sealed class StreamWatchers : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Epoll _epoll = new();
    private readonly List<Connection> _connections = [];
    private readonly List<Connection.FrameReceiver> _receivers = [];
    private readonly List<StreamWatcher> _watchers = [];
    private readonly object _moving = new();
    private long _slowest;

    /// <summary>Opens so many streams of one server streaming method on so many connections, and waits until all of them are live.</summary>
    public StreamWatchers(Uri server, string path, byte[] request, int connections, int streams)
    {
        for (var number = 0; number < connections; number++)
        {
            var connection = new Connection(server, path);
            _connections.Add(connection);
            var watchers = new StreamWatcher[streams];
            for (var stream = 0; stream < streams; stream++)
            {
                watchers[stream] = new StreamWatcher();
                _watchers.Add(watchers[stream]);
                connection.Call(Messages.WithPrefix(request));
            }

            _receivers.Add(frame => Dispatch(watchers, frame));
            _epoll.Watch(connection.Handle, number);
        }

        ReadUntil(() => _watchers.TrueForAll(watcher => watcher.IsLive), TimeSpan.FromMinutes(1));
    }

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

    /// <summary>Reads for so long, and until something has come: a server that stands still is measured until it goes on.</summary>
    /// <returns>How many events came.</returns>
    public long CountFor(TimeSpan time)
    {
        var before = Events;
        var clock = Stopwatch.StartNew();
        ReadUntil(() => clock.Elapsed >= time && Events > before, time + Patience);
        return Events - before;
    }

    /// <summary>Reads until each has so many events.</summary>
    public void ReadTo(long events) => ReadUntil(() => _slowest >= events, Patience);

    /// <summary>Reads until something is done that needs them to.</summary>
    public TResult ReadWhile<TResult>(Task<TResult> work)
    {
        Read(() => work.IsCompleted);
        return work.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        _connections.ForEach(connection => connection.Dispose());
        _epoll.Dispose();
    }

    private static void Dispatch(StreamWatcher[] watchers, Frame frame)
    {
        // A client's streams are 1, 3, 5 …; 0 is the connection.
        if (frame.Stream > 0)
        {
            watchers[frame.Stream / 2].Take(frame);
        }
    }

    private void ReadUntil(Func<bool> isDone, TimeSpan deadline)
    {
        var clock = Stopwatch.StartNew();
        Read(() => clock.Elapsed > deadline ? throw new TimeoutException("The watchers did not get what they wait for.") : isDone());
    }

    private void Read(Func<bool> isDone)
    {
        while (!isDone())
        {
            foreach (var number in _epoll.Wait(10))
            {
                _connections[number].ReadWhatIsThere(_receivers[number]);
            }

            lock (_moving)
            {
                _slowest = _watchers.Min(watcher => watcher.Events);
                Monitor.PulseAll(_moving);
            }
        }
    }
}
