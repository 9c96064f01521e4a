using Jobwatch.V1;

namespace Jobwatch.StreamService.Journal;

/// <summary>An execution as the catalog holds it.</summary>
/// <param name="Execution">Its state after <c>Execution.LastPosition</c>.</param>
/// <param name="LabelsPosition">The position of the event that gave it its labels; 0 if it has none.</param>
internal sealed record ExecutionRecord(Execution Execution, long LabelsPosition);
