using Jobwatch.V1;

namespace Jobwatch.Client.Streams;

/// <summary>What resuming needs to know of a message, whichever stream it is of.</summary>
internal readonly record struct MessageFacts(
    string Cursor, ExecutionEvent? Event, bool CaughtUp, Draining? Draining)
{
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

    // Without the event: its position rises within its job only, and many jobs come on this stream.
    internal static MessageFacts Of(WatchJobsResponse message) => new(
        message.Cursor,
        null,
        message.MessageCase == WatchJobsResponse.MessageOneofCase.CaughtUp,
        message.Draining);
}
