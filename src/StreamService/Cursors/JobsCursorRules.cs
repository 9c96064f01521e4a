using Jobwatch.StreamService.Errors;
using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Cursors;

/// <summary>Checks the cursors of many jobs that callers send.</summary>
internal static class JobsCursorRules
{
    /// <summary>Reads a cursor; throws CURSOR_UNKNOWN or CURSOR_OF_ANOTHER_JOB.</summary>
    public static IReadOnlyList<JobsCursorEntry> Parse(string token, string field, string tenant)
    {
        if (!JobsCursor.TryParse(token, tenant, out var isOfTenant, out var entries))
        {
            throw RpcErrors.InvalidField(
                Reasons.CursorUnknown, field,
                Cursor.TryParse(token, out _)
                    ? "it is a cursor of one job; a watch of many goes on from one of its own, or starts from the beginning."
                    : $"'{Shown.Text(token)}' is no cursor of a watch of many jobs; send one as it came, or start from the beginning.");
        }

        return isOfTenant
            ? entries
            : throw RpcErrors.InvalidField(
                Reasons.CursorOfAnotherJob, field, "it is a cursor of other jobs than yours; send one of these, or start from the beginning.");
    }

    /// <summary>Throws CURSOR_BEYOND_HEAD for a job that has not come as far as the cursor says.</summary>
    public static void RequireNotBeyond(JobsCursorEntry entry, JobHead head, string field)
    {
        if (entry.Position > head.Head)
        {
            throw RpcErrors.InvalidField(
                Reasons.CursorBeyondHead, field,
                $"it stands after position {entry.Position} of the job '{head.Log.Job.JobId}', whose last event has position {head.Head}: it comes from a store that had more; start from the beginning.");
        }
    }
}
