using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Jobwatch.V1;

namespace Jobwatch.SseEdge.Tests.Peer;

/// <summary>What a node says on a watch.</summary>
internal static class Says
{
    public static WatchJobResponse Event(int position, string text = "") => new()
    {
        Cursor = $"c{position}",
        Event = new ExecutionEvent
        {
            JobId = "j",
            ExecutionId = "e",
            Position = position,
            Type = "log_written",
            Status = ExecutionStatus.Running,
            EventId = "0197f3a0-0000-7000-8000-000000000001",
            OccurredAt = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch.AddDays(20_000)),
            RecordedAt = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch.AddDays(20_000).AddMilliseconds(7)),
            LogWritten = new LogWritten { Level = LogLevel.Warn, Text = text, Stream = "stderr" },
        },
    };

    public static WatchJobResponse[] Events(int first, int last) => [.. Enumerable.Range(first, last - first + 1).Select(n => Event(n))];

    /// <summary>Accepts, says it all and stays open.</summary>
    public static Func<WatchJobRequest, IServerStreamWriter<WatchJobResponse>, ServerCallContext, Task> ThenWaits(params WatchJobResponse[] messages) =>
        async (_, stream, context) =>
        {
            await SayAsync(stream, context, messages);
            await ScriptedNode.Forever(context.CancellationToken);
        };

    /// <summary>Accepts, says it all and ends well.</summary>
    public static Func<WatchJobRequest, IServerStreamWriter<WatchJobResponse>, ServerCallContext, Task> ThenEnds(params WatchJobResponse[] messages) =>
        (_, stream, context) => SayAsync(stream, context, messages);

    public static async Task SayAsync(IServerStreamWriter<WatchJobResponse> stream, ServerCallContext context, params WatchJobResponse[] messages)
    {
        await context.WriteResponseHeadersAsync(ScriptedNode.Accepted("c0"));
        foreach (var message in messages)
            await stream.WriteAsync(message);
    }
}
