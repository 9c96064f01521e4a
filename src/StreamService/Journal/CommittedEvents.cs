namespace Jobwatch.StreamService.Journal;

/// <summary>What one commit added to one log: contiguous positions in order.</summary>
internal readonly record struct CommittedEvents(JobLog Log, IReadOnlyList<StoredEvent> Events);
