using Jobwatch.V1;

namespace Jobwatch.Cli.Spooling;

/// <summary>The oldest events that are not acknowledged, and where they end in the file.</summary>
internal sealed record SpoolBatch(IReadOnlyList<ExecutionEvent> Events, long End);
