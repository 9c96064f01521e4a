using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Live;

/// <summary>
/// Bounds how many pages of the store, and the like, are read at once. A shared read goes on when the watcher that began it leaves, so the
/// number of watchers alone bounds neither connections nor pages in memory. The next one waits for its turn.
/// </summary>
internal sealed class StoreReads(ReadPage readPage, LiveOptions options) : IDisposable
{
    private readonly SemaphoreSlim _turns = new(options.StoreReads);

    /// <inheritdoc cref="ReadPage"/>
    public Task<EventPage> ReadAsync(JobLog log, long after, int maxEvents, int maxBytes, CancellationToken cancellation) =>
        InTurnAsync(() => readPage(log, after, maxEvents, maxBytes, cancellation), cancellation);

    /// <summary>Reads something else that a watch under way needs, as small as a page.</summary>
    public async Task<T> InTurnAsync<T>(Func<Task<T>> read, CancellationToken cancellation)
    {
        await _turns.WaitAsync(cancellation);
        try
        {
            return await read();
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();
}
