namespace Jobwatch.Bench.Figures;

/// <summary>One way to do a row's work, ours or a peer's. A run checks what it counts: an event lost or twice is an exception.</summary>
internal sealed record Contender(string Name, Func<Task<Measurement>> RunAsync);
