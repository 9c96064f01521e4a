using System.Globalization;

namespace Jobwatch.Bench.Machine;

/// <summary>What a server says of itself at /metrics.</summary>
/// <param name="address">Where it serves them.</param>
internal sealed class Exposition(Uri address)
{
    private readonly Uri _metrics = new(address, "/metrics");

    /// <summary>A metric's value, its labels summed up.</summary>
    public async Task<double> ReadAsync(string metric)
    {
        using var http = new HttpClient();
        var values = (await http.GetStringAsync(_metrics)).Split('\n')
            .Where(line => line.StartsWith(metric + "{", StringComparison.Ordinal))
            .Select(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture))
            .ToArray();
        return values.Length > 0 ? values.Sum() : throw new InvalidDataException($"{_metrics} has no {metric}.");
    }
}
