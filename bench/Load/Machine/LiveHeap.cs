namespace Jobwatch.Bench.Machine;

/// <summary>
/// The objects that a server still needs, after a full collection: memory that is held, told from memory that waits to be used again.
/// </summary>
/// <param name="processId">The server.</param>
/// <param name="address">Where its /metrics are.</param>
internal sealed class LiveHeap(int processId, Uri address)
{
    private readonly Exposition _exposition = new(address);

    /// <summary>In KiB.</summary>
    public async Task<double> MeasureAsync()
    {
        Collection.Force(processId);
        return (await _exposition.ReadAsync("dotnet_gc_last_collection_heap_size_bytes")
            - await _exposition.ReadAsync("dotnet_gc_last_collection_heap_fragmentation_size_bytes")) / 1024;
    }
}
