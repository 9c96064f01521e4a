namespace Jobwatch.StreamService.Cursors;

/// <summary>One job's place in a <see cref="JobsCursor"/>, which alone moves it.</summary>
internal sealed class CursorMark(long incarnation, long position)
{
    /// <summary>The job's log.</summary>
    public long Incarnation => incarnation;

    /// <summary>The position that has been passed, or <see cref="JobsCursor.BeforeSnapshot"/>.</summary>
    public long Position { get; set; } = position;
}
