using Google.Protobuf.WellKnownTypes;
using Jobwatch.Client;
using Jobwatch.V1;

namespace Jobwatch.Bench.Events;

/// <summary>
/// The one event that every contender stores and delivers: a log line that is 300 bytes of JSON as its producer sends
/// it. Peers carry that text; Jobwatch carries the message, and adds position, type, status and times of its own.
/// </summary>
internal static class EventShape
{
    public const int JsonBytes = 300;

    public const string Execution = "run-1";

    private static readonly string Text = Mark.Blank.PadRight(JsonBytes - ProtoJson.ToText(Log("")).Length, 'x');

    /// <summary>The JSON text, as peers store it.</summary>
    public static string Json { get; } = ProtoJson.ToText(Logged());

    /// <summary>What a producer sends. The event id has still to be filled in.</summary>
    public static ExecutionEvent Logged() => Log(Text);

    public static ExecutionEvent Started() => new()
    {
        ExecutionId = Execution,
        EventId = Guid.CreateVersion7().ToString(),
        OccurredAt = new Timestamp { Seconds = 1_795_000_000 },
        ExecutionStarted = new ExecutionStarted { Worker = "bench" },
    };

    private static ExecutionEvent Log(string text) => new()
    {
        ExecutionId = Execution,
        EventId = Guid.Empty.ToString(),
        OccurredAt = new Timestamp { Seconds = 1_795_000_000, Nanos = 123_000_000 },
        LogWritten = new LogWritten { Level = Jobwatch.V1.LogLevel.Info, Text = text, Stream = "stdout" },
    };
}
