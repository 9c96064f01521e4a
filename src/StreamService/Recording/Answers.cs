using System.Globalization;
using Grpc.Core;
using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Errors;
using Jobwatch.StreamService.Journal;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Recording;

/// <summary>How an append's outcome is told to the producer.</summary>
internal static class Answers
{
    private static readonly TimeSpan BusyRetry = TimeSpan.FromMilliseconds(500);

    public static AppendEventsResponse Of(AppendOutcome.Appended appended)
    {
        var response = new AppendEventsResponse
        {
            Positions = { appended.Positions },
            Cursor = Cursor.After(appended.Log, appended.Positions.Max()).ToString(),
        };
        if (appended.MadeExecutionId is { } made)
        {
            response.ExecutionId = made;
        }

        return response;
    }

    public static RpcException Refusal(AppendOutcome outcome) => outcome switch
    {
        AppendOutcome.ExecutionEnded ended => RpcErrors.FailedPrecondition(
            Reasons.ExecutionEnded,
            $"events[{ended.Index}]: execution '{ended.ExecutionId}' has ended ({Word(ended.Status)}), so nothing can follow: "
            + "record what comes as a new execution.",
            Metadata(ended.Index, ended.ExecutionId, ("status", Word(ended.Status)))),
        AppendOutcome.ExecutionNotStarted missing => RpcErrors.FailedPrecondition(
            Reasons.ExecutionNotStarted,
            $"events[{missing.Index}]: execution '{missing.ExecutionId}' has not begun: "
            + "send execution_queued or execution_started before it.",
            Metadata(missing.Index, missing.ExecutionId)),
        AppendOutcome.PositionMismatch mismatch => RpcErrors.Aborted(
            Reasons.PositionMismatch,
            $"The job's last position is {mismatch.Actual}, not the expected {mismatch.Expected}: "
            + "read what was appended meanwhile, then append behind it.",
            new Dictionary<string, string>
            {
                ["expected_position"] = Text(mismatch.Expected),
                ["actual_position"] = Text(mismatch.Actual),
            }),
        AppendOutcome.Busy => RpcErrors.ResourceExhausted(
            Reasons.TooManyAppends, "Too many appends wait for the store: send the same batch again after a moment.", BusyRetry),
        _ => throw new InvalidOperationException($"{outcome.GetType()} is no refusal."),
    };

    private static Dictionary<string, string> Metadata(int index, string executionId, params ReadOnlySpan<(string, string)> more)
    {
        var metadata = new Dictionary<string, string>
        {
            ["event_index"] = Text(index),
            ["execution_id"] = executionId,
        };
        foreach (var (key, value) in more)
        {
            metadata.Add(key, value);
        }

        return metadata;
    }

    private static string Word(ExecutionStatus status) => status.ToString().ToLowerInvariant();

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
