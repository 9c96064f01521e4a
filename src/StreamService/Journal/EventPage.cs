namespace Jobwatch.StreamService.Journal;

/// <summary>
/// Events in order and without a gap. The first one is the one after the position asked for, unless the history before
/// it was truncated meanwhile.
/// </summary>
/// <param name="Events">The events; none if nothing is there behind the position.</param>
/// <param name="ReachedHead">Whether nothing more was there when the page was read.</param>
internal sealed record EventPage(IReadOnlyList<StoredEvent> Events, bool ReachedHead);
