namespace Jobwatch.Bench.Figures;

/// <summary>One run of one contender.</summary>
/// <param name="Count">Events or deliveries.</param>
/// <param name="Elapsed">Wall clock.</param>
/// <param name="ServerCpu">CPU of each server by name, its children included.</param>
/// <param name="ClientCpu">CPU of the load, whichever process it is in.</param>
/// <param name="ForeignCores">Cores that neither of them used but somebody else did: the noise of the run.</param>
internal sealed record Measurement(
    long Count, TimeSpan Elapsed, IReadOnlyDictionary<string, TimeSpan> ServerCpu, TimeSpan ClientCpu, double ForeignCores)
{
    /// <summary>How long events took; null where that was not asked for.</summary>
    public Latency? Latency { get; init; }

    public double Rate => Count / Elapsed.TotalSeconds;

    /// <summary>CPU-seconds of one server per million.</summary>
    public double CpuPerMillion(string server) => ServerCpu[server].TotalSeconds / Count * 1e6;

    /// <summary>CPU-seconds of all servers per million.</summary>
    public double CpuPerMillion() => ServerCpu.Keys.Sum(CpuPerMillion);
}
