using System.Diagnostics;

namespace Jobwatch.Bench.Sse;

/// <summary>Many watchers on one thread: a lean client, so that it is the server that is measured.</summary>
internal sealed class Watchers : IDisposable
{
    private const int ReadBytes = 256 * 1024;

    private readonly Epoll _epoll = new();
    private readonly byte[] _received = new byte[ReadBytes];
    private readonly byte[] _body = new byte[2 * ReadBytes];
    private readonly List<Watcher> _watchers = [];
    private readonly object _moving = new();
    private long _slowest;

    /// <summary>Connects so many, and waits until all of them are live.</summary>
    public Watchers(Uri edge, string path, int count)
    {
        for (var number = 0; number < count; number++)
        {
            var watcher = new Watcher(edge, path);
            _watchers.Add(watcher);
            _epoll.Watch(watcher.Handle, number);
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

    /// <summary>Reads for so long.</summary>
    public void ReadFor(TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        Read(() => clock.Elapsed >= time);
    }

    /// <summary>Reads until each has so many events.</summary>
    public void ReadTo(long events) => ReadUntil(() => _slowest >= events, TimeSpan.FromMinutes(2));

    public void Dispose()
    {
        _watchers.ForEach(watcher => watcher.Dispose());
        _epoll.Dispose();
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
                _watchers[number].Read(_received, _body);
            }

            lock (_moving)
            {
                _slowest = _watchers.Min(watcher => watcher.Events);
                Monitor.PulseAll(_moving);
            }
        }
    }
}
