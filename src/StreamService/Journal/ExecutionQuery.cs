using Jobwatch.V1;

namespace Jobwatch.StreamService.Journal;

/// <summary>Which executions of a job to list.</summary>
/// <param name="Statuses">Only these; none for all.</param>
/// <param name="Labels">Only those that carry all of these.</param>
/// <param name="NewestFirst">By the first event's position, falling or rising.</param>
/// <param name="After">Strictly after the execution with this first position; null from the start.</param>
/// <param name="Limit">At most this many.</param>
internal sealed record ExecutionQuery(
    IReadOnlyList<ExecutionStatus> Statuses,
    IReadOnlyList<KeyValuePair<string, string>> Labels,
    bool NewestFirst,
    long? After,
    int Limit);
