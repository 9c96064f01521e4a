namespace Jobwatch.StreamService.Journal;

/// <summary>A job as trimming finds it.</summary>
/// <param name="Head">Where its log stands.</param>
/// <param name="CreatedAt">When its first event was recorded: none is older.</param>
/// <param name="FirstLeft">The oldest event below the floor that is still stored, left by a pass that broke off; null if none is.</param>
internal sealed record TrimCandidate(JobHead Head, DateTimeOffset CreatedAt, long? FirstLeft);
