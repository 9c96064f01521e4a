namespace Jobwatch.StreamService.Journal;

/// <summary>Which open executions of a log to look for.</summary>
/// <param name="Position">Right after the event at this position they had begun and not ended.</param>
/// <param name="Labels">What they have to carry, all of it; empty for any.</param>
/// <param name="LabelledAt">Up to which position their labels have to have come.</param>
/// <param name="Limit">How many at most.</param>
internal readonly record struct OpenQuery(
    long Position, IReadOnlyList<KeyValuePair<string, string>> Labels, long LabelledAt, int Limit);
