using System.Diagnostics;
using Jobwatch.Bench.Watching;

namespace Jobwatch.Bench.Endurance;

/// <summary>Watchers that ask for a stream and never read a byte of it.</summary>
internal sealed class StalledWatchers : IDisposable
{
    private readonly Func<Watcher> _connect;
    private readonly Watcher[] _watchers;
    private readonly Stopwatch _age = new();

    public StalledWatchers(Func<Watcher> connect, int count)
    {
        _connect = connect;
        _watchers = new Watcher[count];
        Connect();
    }

    /// <summary>Replaces them by new ones if they are so old.</summary>
    public void RenewAfter(TimeSpan age)
    {
        if (_age.Elapsed >= age)
        {
            Dispose();
            Connect();
        }
    }

    public void Dispose() => Array.ForEach(_watchers, watcher => watcher.Dispose());

    private void Connect()
    {
        _age.Restart();
        for (var i = 0; i < _watchers.Length; i++)
        {
            _watchers[i] = _connect();
        }
    }
}
