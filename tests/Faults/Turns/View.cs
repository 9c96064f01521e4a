using Jobwatch.V1;

namespace Jobwatch.Faults.Tests.Turns;

/// <summary>What one watcher saw.</summary>
/// <param name="Watcher">Who.</param>
/// <param name="Filter">What it asked for.</param>
/// <param name="Seen">The events of all its sessions, as they came.</param>
internal sealed record View(string Watcher, EventFilter Filter, IReadOnlyList<ExecutionEvent> Seen);
