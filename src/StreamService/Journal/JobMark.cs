namespace Jobwatch.StreamService.Journal;

/// <summary>A place in an ordered list of jobs: creation time in microseconds since 1970, then id.</summary>
internal readonly record struct JobMark(long CreatedMicroseconds, string JobId);
