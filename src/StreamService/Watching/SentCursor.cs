using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Watching;

/// <summary>A cursor of the watched job, as far as it can be checked without the store.</summary>
/// <param name="Cursor">What it says.</param>
/// <param name="Field">The field that it came in, for what there is to say against it.</param>
internal sealed record SentCursor(Cursor Cursor, string Field)
{
    /// <summary>Reads it; throws CURSOR_UNKNOWN or CURSOR_OF_ANOTHER_JOB.</summary>
    public static SentCursor Parse(string token, string field, JobKey job) => new(CursorRules.Parse(token, field, job), field);

    /// <summary>Its position in the job's log; throws CURSOR_OF_DELETED_JOB or CURSOR_BEYOND_HEAD.</summary>
    public long PositionIn(JobHead head) => CursorRules.PositionIn(head, Cursor, Field);

    /// <summary>Refuses one of a job that was there once.</summary>
    public void RequireNoJob()
    {
        if (Cursor.Incarnation != 0)
        {
            throw CursorRules.OfDeletedJob(Field);
        }
    }
}
