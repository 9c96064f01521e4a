namespace Jobwatch.StreamService.Journal;

/// <summary>What one commit added to one log.</summary>
/// <param name="Log">The log.</param>
/// <param name="Events">Contiguous positions in order.</param>
/// <param name="FailuresBefore">How often the store had failed when the commit began: one that has failed since may have lost it.</param>
internal readonly record struct CommittedEvents(JobLog Log, IReadOnlyList<StoredEvent> Events, long FailuresBefore);
