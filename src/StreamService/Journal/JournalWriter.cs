using Microsoft.Extensions.Options;

namespace Jobwatch.StreamService.Journal;

/// <summary>
/// The one way to append. Concurrent appends share commits. Throws <see cref="StoreUnavailableException"/> if
/// PostgreSQL stays away; whether the batch was stored is then unknown, and the same event ids may be sent again.
/// </summary>
internal sealed class JournalWriter(
    JournalDatabase database,
    CommitFeed feed,
    IOptions<JournalOptions> options,
    TimeProvider time,
    JournalMetrics metrics,
    ILogger<CommitLane> logger) : BackgroundService
{
    private readonly CommitLane[] _lanes = [.. Enumerable.Range(0, options.Value.CommitLanes)
        .Select(_ => new CommitLane(database, feed, options.Value, time, metrics, logger))];

    private long _waitingBytes;

    /// <summary>Appends a batch; of one job in the order of the calls. Busy is told at once.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="cancellation">The caller's leaving: a commit that has not begun goes without it.</param>
    /// <param name="chain">The appends that this one must not be stored without, if there are any.</param>
    public async ValueTask<AppendOutcome> AppendAsync(AppendBatch batch, CancellationToken cancellation, AppendChain? chain = null)
    {
        var append = new PendingAppend(batch, time.GetUtcNow() + options.Value.RetryFor, chain, cancellation);
        if (Interlocked.Add(ref _waitingBytes, append.Bytes) > options.Value.WaitingBytes || !Lane(batch.Job).TryAdd(append))
        {
            Interlocked.Add(ref _waitingBytes, -append.Bytes);
            metrics.Refused();
            return new AppendOutcome.Busy();
        }

        try
        {
            // The caller's leaving doesn't end the wait at once: a commit under way can't be taken back.
            return await append.Answer;
        }
        finally
        {
            Interlocked.Add(ref _waitingBytes, -append.Bytes);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var lane in _lanes)
        {
            lane.Complete();
        }

        if (ExecuteTask is { } running)
        {
            await running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await base.StopAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(_lanes.Select(lane => Task.Run(() => lane.RunAsync(stoppingToken), stoppingToken)));

    private CommitLane Lane(JobKey job) => _lanes[(uint)job.GetHashCode() % (uint)_lanes.Length];
}
