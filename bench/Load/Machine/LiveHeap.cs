using System.Globalization;

namespace Jobwatch.Bench.Machine;

/// <summary>
/// The objects that a server still needs, after a full collection: memory that is held, told from memory that waits to be used again.
/// </summary>
/// <param name="processId">The server.</param>
/// <param name="address">Where its /metrics are.</param>
internal sealed class LiveHeap(int processId, Uri address)
{
    private const string Size = "dotnet_gc_last_collection_heap_size_bytes{";
    private const string Free = "dotnet_gc_last_collection_heap_fragmentation_size_bytes{";

    /// <summary>In KiB.</summary>
    public async Task<double> MeasureAsync()
    {
        Collection.Force(processId);
        using var http = new HttpClient();
        var lines = (await http.GetStringAsync(new Uri(address, "/metrics"))).Split('\n');
        return (Sum(lines, Size) - Sum(lines, Free)) / 1024;
    }

    private static double Sum(string[] lines, string name) => lines
        .Where(line => line.StartsWith(name, StringComparison.Ordinal))
        .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
}
