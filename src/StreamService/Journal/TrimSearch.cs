namespace Jobwatch.StreamService.Journal;

/// <summary>Asks for the last event of a range that was recorded before a time.</summary>
/// <param name="Log">The log.</param>
/// <param name="First">The range's first position; an event is there.</param>
/// <param name="Last">The range's last position.</param>
/// <param name="Before">The time.</param>
internal readonly record struct TrimSearch(JobLog Log, long First, long Last, DateTimeOffset Before);
