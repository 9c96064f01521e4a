using Jobwatch.StreamService.Live;

namespace Jobwatch.StreamService.Watching;

/// <summary>An event that waits for its turn, and what was left out before it.</summary>
/// <param name="Frame">The event.</param>
/// <param name="From">The first position that the reader was not told of: of what was left out, or the event's own.</param>
/// <param name="LeftOut">How many events were left out since the one that was sent or held before.</param>
internal readonly record struct HeldUpdate(EventFrame Frame, long From, long LeftOut);
