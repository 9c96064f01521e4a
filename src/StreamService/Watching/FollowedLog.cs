using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Live;

namespace Jobwatch.StreamService.Watching;

/// <summary>A log that is followed, and where it stood after that had begun.</summary>
internal readonly record struct FollowedLog(LogFollower Follower, JobHead Head)
{
    /// <summary>Lets go of what a question brings that nobody waits for any more.</summary>
    public static async Task LetGoAsync(Task<FollowedLog?> asked)
    {
        await Task.WhenAny(asked);
        if (asked is { IsCompletedSuccessfully: true, Result: { } found })
        {
            found.Follower.Dispose();
        }
    }
}
