using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Live;

namespace Jobwatch.StreamService.Watching;

/// <summary>A log that is followed, and where it stood after that had begun.</summary>
internal readonly record struct FollowedLog(LogFollower Follower, JobHead Head);
