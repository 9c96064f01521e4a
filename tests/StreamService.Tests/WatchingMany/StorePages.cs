using System.Diagnostics.Metrics;
using Jobwatch.StreamService.Tests.Watching;
using Microsoft.Extensions.DependencyInjection;

namespace Jobwatch.StreamService.Tests.WatchingMany;

/// <summary>Counts the pages that watchers of a node take from the store.</summary>
internal sealed class StorePages : IDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);
    private readonly MeterListener _meters = new();
    private readonly SemaphoreSlim _taken = new(0);
    private long _count;

    public StorePages(NodeUnderTest node)
    {
        var scope = node.Services.GetRequiredService<IMeterFactory>();
        _meters.InstrumentPublished = (instrument, meters) =>
        {
            if (instrument.Name == "live_store_pages" && instrument.Meter.Scope == scope)
            {
                meters.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((_, count, _, _) =>
        {
            Interlocked.Add(ref _count, count);
            _taken.Release();
        });
        _meters.Start();
    }

    public long Taken => Interlocked.Read(ref _count);

    /// <summary>Done when no page was taken for a while.</summary>
    public async Task StandStillAsync()
    {
        while (await _taken.WaitAsync(Quiet))
        {
        }
    }

    public void Dispose()
    {
        _meters.Dispose();
        _taken.Dispose();
    }
}
