using Grpc.Core;
using Jobwatch.StreamService.Errors;
using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Cursors;

/// <summary>Checks the cursors that callers send. Whatever is wrong is said with the field that it came in.</summary>
internal static class CursorRules
{
    /// <summary>Reads a cursor of a job; throws CURSOR_UNKNOWN or CURSOR_OF_ANOTHER_JOB.</summary>
    public static Cursor Parse(string token, string field, JobKey job)
    {
        // No cursor is given out that stands after an event of a job without a life.
        if (!Cursor.TryParse(token, out var cursor) || cursor is { Incarnation: 0, Position: not 0 })
        {
            throw RpcErrors.InvalidField(
                Reasons.CursorUnknown, field,
                $"'{Shown.Text(token)}' is no cursor of this service; send one as it came, or start from the beginning.");
        }

        return cursor.Job == Cursor.Fingerprint(job)
            ? cursor
            : throw RpcErrors.InvalidField(
                Reasons.CursorOfAnotherJob, field,
                $"it is a cursor of another job than '{job.JobId}'; send one of this job, or start from the beginning.");
    }

    /// <summary>The position that a cursor stands after in its job's log; throws CURSOR_OF_DELETED_JOB or CURSOR_BEYOND_HEAD.</summary>
    public static long PositionIn(JobHead head, Cursor cursor, string field)
    {
        if (cursor.Incarnation == 0)
        {
            return 0;
        }

        if (cursor.Incarnation != head.Log.Incarnation)
        {
            throw OfDeletedJob(field);
        }

        return cursor.Position <= head.Head ? cursor.Position : throw BeyondHead(cursor.Position, head.Head, field);
    }

    /// <summary>CURSOR_BEYOND_HEAD.</summary>
    public static RpcException BeyondHead(long position, long head, string field) =>
        RpcErrors.InvalidField(
            Reasons.CursorBeyondHead, field,
            $"it stands after position {position}, but the job's last event has position {head}: it comes from a store that had more; start from the beginning.");

    /// <summary>CURSOR_OF_DELETED_JOB.</summary>
    public static RpcException OfDeletedJob(string field) =>
        RpcErrors.InvalidField(
            Reasons.CursorOfDeletedJob, field,
            "it belongs to a job of this name that was deleted; start from the beginning of the one that is there now, if there is one.");
}
