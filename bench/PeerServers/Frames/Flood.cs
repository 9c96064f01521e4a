using Jobwatch.Bench.Events;

namespace Jobwatch.Bench.PeerServers.Frames;

/// <summary>A producer inside the server: as many frames as the slowest reader takes, give or take a window.</summary>
internal sealed class Flood(FrameLog log)
{
    private const int WakeBytes = 16 * 1024;

    private volatile bool _isStopped;
    private Task<long> _running = Task.FromResult(0L);

    public void Start(byte[] frame, int window)
    {
        _isStopped = false;
        _running = Task.Run(() => RunAsync(frame, (long)window * frame.Length));
    }

    /// <summary>Ends it, and tells how many frames there were.</summary>
    public Task<long> StopAsync()
    {
        _isStopped = true;
        log.Progress.Signal();
        return _running;
    }

    private async Task<long> RunAsync(byte[] frame, long windowBytes)
    {
        var mark = frame.AsMemory(frame.AsSpan().IndexOf(Mark.Sign));
        long count = 0;
        long woken = log.End;
        for (var slowest = log.Slowest(); !_isStopped;)
        {
            if (log.End + frame.Length - slowest <= windowBytes)
            {
                Mark.Write(mark.Span, ++count, stamp: 0);
                log.Add(frame);
                if (log.End - woken < WakeBytes)
                {
                    continue;
                }
            }
            else if ((slowest = log.Slowest()) + windowBytes >= log.End + frame.Length)
            {
                continue;
            }
            else if (woken == log.End)
            {
                await log.Progress.WaitAsync();
                continue;
            }

            woken = log.End;
            log.Wake();
        }

        log.Wake();
        return count;
    }
}
