using System.Diagnostics;

namespace Jobwatch.Testing.Producing;

/// <summary>Log lines to one job at a steady rate, in small batches, until it is disposed; sent again while servers are away.</summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    private readonly Worker _worker;
    private readonly double _perSecond;
    private readonly Task _running;
    private long _acknowledged;

    public SteadyLoad(Worker worker, double perSecond)
    {
        _worker = worker;
        _perSecond = perSecond;
        _running = Task.Run(RunAsync);
    }

    /// <summary>The position of the last event that was acknowledged.</summary>
    public long Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>Ends it. Throws if a batch was refused.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Tick);
        var clock = Stopwatch.StartNew();
        long sent = 0;
        while (!_stop.IsCancellationRequested)
        {
            int due = (int)Math.Min(1000, (clock.Elapsed.TotalSeconds * _perSecond) - sent);
            if (due > 0)
            {
                var lines = Enumerable.Range(0, due).Select(_ => _worker.Line()).ToList();
                var answer = await Breaks.OutliveAsync(_ => _worker.AppendAsync(lines), isExpected: true);
                Volatile.Write(ref _acknowledged, answer.Positions[^1]);
                sent += due;
            }
            await timer.WaitForNextTickAsync();
        }
    }
}
