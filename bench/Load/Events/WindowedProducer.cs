using Jobwatch.Bench.Http2;
using Jobwatch.Bench.Machine;

namespace Jobwatch.Bench.Events;

/// <summary>
/// Appends batches to one job as fast as its slowest watcher gets them, give or take a window; on a thread of its own, beside the one that reads.
/// </summary>
internal sealed class WindowedProducer : IDisposable
{
    private const int Batch = 100;
    private const int BatchesUnderWay = 4;

    private readonly CancellationTokenSource _enough = new();

    /// <param name="node">The node.</param>
    /// <param name="job">The job, begun.</param>
    /// <param name="window">How many events the slowest watcher may be behind.</param>
    /// <param name="awaitSlowest">Waits until each watcher has so many events.</param>
    public WindowedProducer(Uri node, string job, int window, Action<long, CancellationToken> awaitSlowest) =>
        Sent = OwnThread.RunAsync(() => Produce(node, job, window, awaitSlowest));

    /// <summary>How many events were acknowledged, once it has ended.</summary>
    public Task<long> Sent { get; }

    /// <summary>Sends no more. The reader has to go on until <see cref="Sent"/> is done.</summary>
    public void End() => _enough.Cancel();

    public void Dispose() => _enough.Dispose();

    private long Produce(Uri node, string job, int window, Action<long, CancellationToken> awaitSlowest)
    {
        using var calls = new UnaryCalls(node, Producers.AppendPath, BatchesUnderWay);
        var template = new BatchTemplate(job, Batch);
        long sent = 0;
        while (!_enough.IsCancellationRequested)
        {
            awaitSlowest(sent + Batch - window, _enough.Token);
            calls.Call(template.Fill());
            sent += Batch;
        }

        calls.Await(0);
        return sent;
    }
}
