using Jobwatch.V1;

namespace Jobwatch.StreamService.Journal;

/// <summary>Which jobs of a tenant to list.</summary>
/// <param name="IdPrefix">Only ids that start with it; empty for all.</param>
/// <param name="Statuses">Only jobs whose latest execution has one of them; none for all.</param>
/// <param name="Order">In which order.</param>
/// <param name="After">Strictly after this job; null from the start.</param>
/// <param name="Limit">At most this many.</param>
internal sealed record JobQuery(
    string IdPrefix, IReadOnlyList<ExecutionStatus> Statuses, JobOrder Order, JobMark? After, int Limit);
