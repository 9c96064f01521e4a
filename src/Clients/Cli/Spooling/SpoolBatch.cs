using Jobwatch.V1;

namespace Jobwatch.Cli.Spooling;

/// <summary>Events that are to be sent together, and where they end in the file.</summary>
internal sealed record SpoolBatch(IReadOnlyList<ExecutionEvent> Events, long End);
