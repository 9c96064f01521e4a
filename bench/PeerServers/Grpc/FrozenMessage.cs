using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Jobwatch.Bench.Events;
using Jobwatch.V1;

namespace Jobwatch.Bench.PeerServers.Grpc;

/// <summary>The node's own messages, made once for all watchers.</summary>
internal static class FrozenMessage
{
    private static readonly string Cursor = new('c', 40);

    public static byte[] CaughtUp { get; } = new WatchJobResponse { Cursor = Cursor, CaughtUp = new CaughtUp() }.ToByteArray();

    public static byte[] Event(long position)
    {
        var logged = EventShape.Logged();
        logged.JobId = "bench-1";
        logged.Position = position;
        logged.Type = "log_written";
        logged.Status = ExecutionStatus.Running;
        logged.RecordedAt = new Timestamp { Seconds = 1_795_000_000, Nanos = 123_000_000 };
        return new WatchJobResponse { Cursor = Cursor, Event = logged }.ToByteArray();
    }
}
