using Google.Protobuf;
using Jobwatch.V1;

namespace Jobwatch.SseEdge.Streaming;

/// <summary>A message of a stream, as both framings need it.</summary>
/// <param name="Cursor">Goes on strictly after the message; empty if it has none.</param>
/// <param name="Name">What it is, as SSE names it.</param>
/// <param name="Body">What it says, e.g. the event.</param>
/// <param name="Whole">The message itself, with its cursor.</param>
internal readonly record struct Frame(string Cursor, string Name, IMessage Body, IMessage Whole)
{
    public const string Update = "execution_update";
    public const string CaughtUp = "caught_up";
    public const string Heartbeat = "heartbeat";
    public const string ExecutionEnded = "execution_ended";

    /// <summary>Whether it is the last event of its execution.</summary>
    public bool EndsExecution => Body is ExecutionEvent
    {
        PayloadCase: ExecutionEvent.PayloadOneofCase.ExecutionSucceeded
            or ExecutionEvent.PayloadOneofCase.ExecutionFailed
            or ExecutionEvent.PayloadOneofCase.ExecutionCancelled
    };

    /// <summary>The message, if it is that.</summary>
    public IMessage? LastEvent => EndsExecution ? Whole : null;

    public bool IsUpdate => ReferenceEquals(Name, Update);
}
