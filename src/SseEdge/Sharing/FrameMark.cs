using Google.Protobuf;

namespace Jobwatch.SseEdge.Sharing;

/// <summary>What is known of a frame beside its bytes.</summary>
/// <param name="Cursor">Goes on strictly after it.</param>
/// <param name="Name">What it is, as SSE names it; empty for the point before a feed's first frame.</param>
/// <param name="LastEvent">The message, if it is an execution's last event: its <c>execution_ended</c> follows with the same cursor.</param>
/// <param name="Updates">Execution events among the feed's frames up to it.</param>
/// <param name="End">Where it ends in its chunk.</param>
internal readonly record struct FrameMark(string Cursor, string Name, IMessage? LastEvent, long Updates, int End)
{
    public bool EndsExecution => LastEvent is not null;
}
