namespace Jobwatch.EndToEnd.Tests.Isolation;

/// <summary>A job that a tenant asks about, and what could have leaked of it.</summary>
/// <param name="JobId">Its id.</param>
/// <param name="Cursor">A cursor of its log.</param>
/// <param name="PageToken">Of the list of its executions.</param>
/// <param name="EventId">Of one of its events.</param>
/// <param name="CursorOfMany">Of a watch of many in which it is the only one.</param>
internal sealed record Target(string JobId, string Cursor, string PageToken, string EventId, string CursorOfMany)
{
    /// <summary>An answer about this one as it reads when it is about another: the caller's own words come back in it.</summary>
    public string AsOf(Target other, string answer) => answer
        .Replace(Cursor, other.Cursor, StringComparison.Ordinal)
        .Replace(CursorOfMany, other.CursorOfMany, StringComparison.Ordinal)
        .Replace(PageToken, other.PageToken, StringComparison.Ordinal)
        .Replace(JobId, other.JobId, StringComparison.Ordinal);
}
