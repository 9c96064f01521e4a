using System.Collections.Concurrent;
using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Live;

/// <summary>
/// Asks the store for the jobs that a new selection by labels has from before, which may take long: all executions of a tenant may
/// have to be looked through. Beside the looks, so that nobody else waits for it, and one after the other for a tenant, so that no tenant
/// takes many connections.
/// </summary>
internal sealed class SelectionFills(SelectionReader reader, ILogger<SelectionFills> logger) : IDisposable
{
    // Of all tenants together: appends use the same connections.
    private const int AtOnce = 16;

    private readonly SemaphoreSlim _turns = new(AtOnce);
    private readonly ConcurrentDictionary<string, bool> _blind = new(StringComparer.Ordinal);

    /// <summary>
    /// Asks after another one of the tenant's, and no longer than the selection is watched. Fails as the store does; a tenant's first failure is logged.
    /// </summary>
    public async Task<IReadOnlyDictionary<long, long>> FillAsync(string tenant, JobSelection selection, Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        await _turns.WaitAsync(selection.Left);
        try
        {
            var found = await reader.LabelledJobsAsync(tenant, selection.Labels, JobSelections.MaxJobs + 1, selection.Left);
            if (_blind.TryRemove(tenant, out _))
            {
                Log.SelectionIsFilled(logger, tenant);
            }

            return found;
        }
        catch (Exception failure) when (StoreFaults.IsOfStore(failure))
        {
            if (_blind.TryAdd(tenant, true))
            {
                Log.SelectionIsNotFilled(logger, tenant, failure.Message);
            }

            throw;
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();
}
