using Jobwatch.V1;

namespace Jobwatch.Client.Streams;

/// <summary>What resuming needs to know of a message, whichever stream it is of.</summary>
internal readonly record struct MessageFacts(
    string Cursor, ExecutionEvent? Event, bool CaughtUp, Draining? Draining)
{
    private const string Deleted = "deleted";

    /// <summary>The job of many that was deleted, whose positions begin anew if it is made again; empty where the node doesn't know which.</summary>
    internal string? DeletedJob { get; private init; }

    /// <summary>Whether it is the last event of its execution: its <c>execution_ended</c> comes right behind it.</summary>
    internal bool EndsExecution => Event is
    {
        PayloadCase: ExecutionEvent.PayloadOneofCase.ExecutionSucceeded
            or ExecutionEvent.PayloadOneofCase.ExecutionFailed
            or ExecutionEvent.PayloadOneofCase.ExecutionCancelled
    };

    internal static MessageFacts Of(WatchJobResponse message) => new(
        message.Cursor,
        message.Event,
        message.MessageCase == WatchJobResponse.MessageOneofCase.CaughtUp,
        message.Draining);

    internal static MessageFacts Of(ReplayExecutionResponse message) => new(
        message.Cursor,
        message.Event,
        message.MessageCase == ReplayExecutionResponse.MessageOneofCase.CaughtUp,
        message.Draining);

    internal static MessageFacts Of(WatchJobsResponse message) => new(
        message.Cursor,
        message.Event,
        message.MessageCase == WatchJobsResponse.MessageOneofCase.CaughtUp,
        message.Draining)
    {
        DeletedJob = message.Gap?.Reason == Deleted ? message.JobId : null,
    };
}
