using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Live;

/// <summary>
/// Bounds how many pages of the store are read at once. A shared read goes on when the watcher that began it leaves, so the
/// number of watchers alone bounds neither connections nor pages in memory. The next one waits for its turn.
/// </summary>
internal sealed class StoreReads(ReadPage readPage, LiveOptions options) : IDisposable
{
    private readonly SemaphoreSlim _turns = new(options.StoreReads);

    /// <inheritdoc cref="ReadPage"/>
    public async Task<EventPage> ReadAsync(JobLog log, long after, int maxEvents, int maxBytes, CancellationToken cancellation)
    {
        await _turns.WaitAsync(cancellation);
        try
        {
            return await readPage(log, after, maxEvents, maxBytes, cancellation);
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();
}
