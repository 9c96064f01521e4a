namespace Jobwatch.StreamService.Cursors;

/// <summary>What a cursor of many jobs says of one.</summary>
/// <param name="Incarnation">The job's log.</param>
/// <param name="Position">The position that has been passed, or <see cref="JobsCursor.BeforeSnapshot"/>.</param>
internal readonly record struct JobsCursorEntry(long Incarnation, long Position);
