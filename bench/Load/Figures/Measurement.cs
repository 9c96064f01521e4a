namespace Jobwatch.Bench.Figures;

/// <summary>One run of one contender.</summary>
/// <param name="Count">Events or deliveries.</param>
/// <param name="Elapsed">Wall clock.</param>
/// <param name="ServerCpu">CPU of all server processes, their children included.</param>
/// <param name="ClientCpu">CPU of the load, whichever process it is in.</param>
/// <param name="ForeignCores">Cores that neither of them used but somebody else did: the noise of the run.</param>
internal sealed record Measurement(long Count, TimeSpan Elapsed, TimeSpan ServerCpu, TimeSpan ClientCpu, double ForeignCores)
{
    public double Rate => Count / Elapsed.TotalSeconds;

    /// <summary>Server CPU-seconds per million.</summary>
    public double ServerCpuPerMillion => ServerCpu.TotalSeconds / Count * 1e6;
}
