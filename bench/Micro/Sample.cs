using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Jobwatch.Bench.Events;
using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Journal;
using Jobwatch.V1;

namespace Jobwatch.Bench.Micro;

/// <summary>The event of the whole path's rows, as the node stores it and sends it.</summary>
internal static class Sample
{
    public static JobLog Log { get; } = new(new JobKey("local", "bench-1"), 1);

    public static WatchJobResponse Message { get; } = new()
    {
        Cursor = Cursor.After(Log, 1).ToString(),
        Event = Event(1),
    };

    public static StoredEvent Stored(long position) => new(position, Event(position).ToByteArray());

    private static ExecutionEvent Event(long position)
    {
        var logged = EventShape.Logged();
        logged.JobId = Log.Job.JobId;
        logged.Position = position;
        logged.Type = "log_written";
        logged.Status = ExecutionStatus.Running;
        logged.RecordedAt = new Timestamp { Seconds = 1_795_000_000, Nanos = 123_000_000 };
        return logged;
    }
}
