namespace Jobwatch.StreamService.Watching;

/// <summary>Where a watch starts, checked as far as that goes without the store.</summary>
internal abstract record StartPoint
{
    private StartPoint()
    {
    }

    /// <summary>Strictly after a cursor.</summary>
    internal sealed record AfterCursor(SentCursor Cursor) : StartPoint;

    /// <summary>With the event at a position, from 1 on.</summary>
    internal sealed record FromPosition(long Position) : StartPoint;

    /// <summary>With an execution's first event.</summary>
    internal sealed record FromExecution(string ExecutionId) : StartPoint;

    /// <summary>With the oldest event there is.</summary>
    internal sealed record Beginning : StartPoint;

    /// <summary>With a snapshot.</summary>
    internal sealed record Latest : StartPoint;
}
