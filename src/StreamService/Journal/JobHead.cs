namespace Jobwatch.StreamService.Journal;

/// <summary>Where a job's log stands: events <c>Floor + 1</c> to <c>Head</c> are there.</summary>
/// <param name="Log">The log.</param>
/// <param name="Floor">The last position that was truncated; 0 while all of the history is there.</param>
/// <param name="Head">The position of the last event.</param>
internal sealed record JobHead(JobLog Log, long Floor, long Head);
