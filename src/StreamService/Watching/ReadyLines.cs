using Jobwatch.Shared;

namespace Jobwatch.StreamService.Watching;

/// <summary>The lines of one watch that have something to look at, each once, in the order in which they were rung for.</summary>
internal sealed class ReadyLines(Wakeup wakeup)
{
    private readonly Queue<JobLine> _queue = new();
    private readonly Lock _gate = new();

    public void Add(JobLine line)
    {
        lock (_gate)
        {
            if (line.IsReady)
            {
                return;
            }

            line.IsReady = true;
            _queue.Enqueue(line);
        }

        wakeup.Signal();
    }

    public JobLine? Take()
    {
        lock (_gate)
        {
            if (!_queue.TryDequeue(out var line))
            {
                return null;
            }

            // Lowered before it is looked at: what rings from now on has to be looked at again.
            line.IsReady = false;
            return line;
        }
    }
}
