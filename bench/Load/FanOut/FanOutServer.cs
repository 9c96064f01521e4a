using Jobwatch.Bench.Machine;
using Jobwatch.Bench.Watching;

namespace Jobwatch.Bench.FanOut;

/// <summary>One that takes events for topics and brings them to those who watch: ours, or a peer.</summary>
internal abstract class FanOutServer(string name) : IAsyncDisposable
{
    private int _topics;

    public string Name { get; } = name;

    /// <summary>What it does less than others, in words for the report; empty where there is nothing.</summary>
    public virtual string Lacks => "";

    /// <summary>Whether it is slow at first, since its code is compiled while it runs.</summary>
    public virtual bool CompilesAsItRuns => false;

    /// <summary>Events that the slowest watcher may be behind when a producer sends all it can.</summary>
    public virtual int Window => 4000;

    /// <summary>Events of a request when a producer sends all it can.</summary>
    public virtual int Batch => 100;

    /// <summary>Measures work that its processes do.</summary>
    public abstract Meter Meter { get; }

    public abstract Task StartAsync();

    /// <summary>Makes topics that no run had yet.</summary>
    public virtual IReadOnlyList<string> MakeTopics(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => $"bench-{Interlocked.Increment(ref _topics)}")];

    /// <summary>Connects a watcher of a topic; it gets what is sent after it is live.</summary>
    public abstract Watcher Watch(string topic);

    /// <summary>Connects a producer.</summary>
    /// <param name="topics">What it sends to, by index.</param>
    /// <param name="underWay">Unanswered requests, at most.</param>
    public abstract Publisher Publish(IReadOnlyList<string> topics, int underWay);

    /// <summary>Sends batches to a topic, no faster than the slowest watcher gets them, give or take a window.</summary>
    /// <returns>How many events were acknowledged.</returns>
    public virtual Task<long> FloodAsync(string topic, Watchers watchers, CancellationToken enough) => OwnThread.RunAsync(() =>
    {
        const int UnderWay = 4;
        using var publisher = Publish([topic], UnderWay);
        long sent = 0;
        while (!enough.IsCancellationRequested)
        {
            watchers.AwaitSlowest(sent + Batch - Window, enough);
            publisher.Publish(0, Batch, stamp: 0);
            sent += Batch;
        }

        publisher.Finish();
        return sent;
    });

    public abstract ValueTask DisposeAsync();
}
