using Grpc.Core;
using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Errors;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Live;

namespace Jobwatch.StreamService.Watching;

/// <summary>What a watcher is told of history that is there no more.</summary>
internal static class Truncation
{
    /// <summary>A gap's reason.</summary>
    public const string Reason = "truncated";

    /// <summary>A gap's reason, where a job of a watch of many was deleted.</summary>
    public const string Deleted = "deleted";

    /// <summary>Characters of a cursor that goes into headers and trailers: clients of other languages refuse more than 8 KB of them.</summary>
    public const int MaxHeader = 4096;

    private const string OfWatch = "Go on after oldest_cursor, start from the beginning, or ask with on_truncated 'continue'.";

    /// <summary>Reads whether to say a gap and go on.</summary>
    public static bool GoesOn(string onTruncated) => onTruncated switch
    {
        "" or "fail" => false,
        "continue" => true,
        _ => throw RpcErrors.InvalidField(
            Reasons.InvalidField, "on_truncated", $"it is '{Shown.Text(onTruncated)}'; the words are 'fail' (the default) and 'continue'."),
    };

    /// <summary>How far a log is truncated that has nothing where something was; null if it is gone.</summary>
    public static async Task<long?> FloorAsync(LogFollower log, JournalReader journal, CancellationToken cancellation)
    {
        if (log.FellTo is { } fallen)
        {
            throw FellBack(log.Next - 1, fallen);
        }

        var head = await journal.FindJobAsync(log.Log.Job, cancellation);
        if (head?.Log != log.Log)
        {
            return null;
        }

        if (head.Head < log.Next)
        {
            throw FellBack(log.Next - 1, head.Head);
        }

        // Else the page was read for an untrue hint, before the event was there.
        return head.Floor >= log.Next
            ? head.Floor
            : throw RpcErrors.Unavailable(Reasons.StoreUnavailable, "The store did not have what it has now: go on from the last cursor.", TimeSpan.Zero);
    }

    /// <summary>For a store that was replaced by one with less. Who has seen more than there is can't go on; who hasn't goes on with what there is now.</summary>
    public static RpcException FellBack(long passed, long head) => passed > head
        ? CursorRules.BeyondHead(passed, head, "start.cursor")
        : RpcErrors.Unavailable(Reasons.StoreUnavailable, "The store was replaced by one that has less: go on from the last cursor.", TimeSpan.Zero);

    /// <summary>
    /// For one that comes: what is held of a log that the store lost events of is let go of at the next sweep. Until then nobody can begin, and
    /// who comes with a cursor of the lost time is refused after it.
    /// </summary>
    public static void RequireWhole(LogFollower log)
    {
        if (log.FellTo is not null)
        {
            throw RpcErrors.Unavailable(
                Reasons.StoreUnavailable, "The store was replaced by one that has less, which is just being found out: try again.", TimeSpan.Zero);
        }
    }

    /// <summary>For one of many jobs. The cursor stands after the floors already.</summary>
    public static RpcException Error(JobLog log, long after, long floor, JobsCursor oldest) => RpcErrors.OutOfRange(
        Gone(log, after, floor) + OfWatch, oldest.TokenLength <= MaxHeader ? oldest.ToString() : null, log.Job.JobId);

    /// <summary>For a watch of one job, or a replay.</summary>
    public static RpcException Error(WatchOrder order, JobLog log, long after, long floor)
    {
        var oldest = Cursor.After(log, floor).ToString();
        return RpcErrors.OutOfRange(
            Gone(log, after, floor) + (order.IsReplay ? $"For what is left of the execution, replay it with cursor '{oldest}'." : OfWatch), oldest);
    }

    private static string Gone(JobLog log, long after, long floor) =>
        $"The events {after + 1} to {floor} of the job '{log.Job.JobId}' are truncated. ";
}
