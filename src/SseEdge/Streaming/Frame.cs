using Google.Protobuf;

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
    public const string ExecutionEnded = "execution_ended";

    public bool IsUpdate => ReferenceEquals(Name, Update);
}
