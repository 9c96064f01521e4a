namespace Jobwatch.Testing.Memory;

/// <summary>A process's memory over some time.</summary>
internal sealed class MemorySeries(ServerProcess server)
{
    private readonly List<ProcessMemory> _samples = [];

    /// <summary>
    /// How far it rose, in megabytes: between the medians of the first and the last quarter, so that one garbage collection
    /// more or less doesn't count.
    /// </summary>
    public double Growth => Median(_samples.TakeLast(Quarter)) - Median(_samples.Take(Quarter));

    private int Quarter => Math.Max(1, _samples.Count / 4);

    public void Sample() => _samples.Add(ProcessMemory.Of(server));

    public override string ToString() =>
        $"RSS (PSS) {_samples[0]} MB at first, {_samples[_samples.Count / 2]} half way, {_samples[^1]} at last, "
        + $"{_samples.MaxBy(sample => sample.Resident)} at most";

    private static double Median(IEnumerable<ProcessMemory> samples) =>
        samples.Select(sample => sample.Resident).Order().ToList() is var sorted ? sorted[sorted.Count / 2] : 0;
}
