using Jobwatch.StreamService.Errors;
using Jobwatch.StreamService.Journal;
using Jobwatch.V1;
using From = Jobwatch.V1.WatchStart.FromOneofCase;

namespace Jobwatch.StreamService.Watching;

/// <summary>Reads where a watch is to start, and says what is wrong with it.</summary>
internal static class StartRules
{
    public static StartPoint Parse(WatchStart? start, JobKey job)
    {
        switch (start?.FromCase ?? From.None)
        {
            case From.Cursor:
                return new StartPoint.AfterCursor(SentCursor.Parse(start!.Cursor, "start.cursor", job));
            case From.FromPosition:
                return start!.FromPosition >= 1
                    ? new StartPoint.FromPosition(start.FromPosition)
                    : throw RpcErrors.InvalidField(
                        Reasons.InvalidField, "start.from_position", $"it is {start.FromPosition}; positions begin with 1.");
            case From.FromExecution:
                Identifiers.Require(start!.FromExecution, "start.from_execution");
                return new StartPoint.FromExecution(start.FromExecution);
            case From.Beginning:
                RequireTrue(start!.Beginning, "start.beginning");
                return new StartPoint.Beginning();
            case From.Latest:
                RequireTrue(start!.Latest, "start.latest");
                return new StartPoint.Latest();
            default:
                return new StartPoint.Latest();
        }
    }

    /// <summary>Where a later session goes on; null for the first one.</summary>
    public static SentCursor? ParseResume(string token, string field, JobKey job) =>
        token.Length == 0 ? null : SentCursor.Parse(token, field, job);

    /// <summary>Checks what a watch of many jobs may start with: positions and executions are of one job.</summary>
    public static void RequireOfManyJobs(WatchStart start)
    {
        switch (start.FromCase)
        {
            case From.FromPosition:
                throw OfOneJob("start.from_position", "a position is of one job");
            case From.FromExecution:
                throw OfOneJob("start.from_execution", "an execution is of one job");
            case From.Beginning:
                RequireTrue(start.Beginning, "start.beginning");
                break;
            case From.Latest:
                RequireTrue(start.Latest, "start.latest");
                break;
        }
    }

    private static Grpc.Core.RpcException OfOneJob(string field, string why) => RpcErrors.InvalidField(
        Reasons.InvalidField, field, $"{why}; a watch of many starts with beginning, latest or a cursor of its own.");

    private static void RequireTrue(bool value, string field)
    {
        if (!value)
        {
            throw RpcErrors.InvalidField(Reasons.InvalidField, field, "it is false; set it to true, or leave it out.");
        }
    }
}
