namespace Jobwatch.Bench.Figures;

/// <summary>From the moment at which a producer was to send an event until a watcher had it, in milliseconds.</summary>
/// <param name="Count">Events received.</param>
/// <param name="Median">Half of them took no longer.</param>
/// <param name="P99">99 of 100 took no longer.</param>
/// <param name="Most">None took longer.</param>
internal sealed record Latency(long Count, double Median, double P99, double Most);
