using System.Buffers.Text;
using Jobwatch.Bench.Events;
using Jobwatch.Bench.Watching;

namespace Jobwatch.Bench.Servers;

/// <summary>A watcher of a job that has one event, over server-sent events. It goes by positions.</summary>
internal sealed class JobwatchWatcher(Uri edge, string job) : SseWatcher(edge, $"/v1/jobs/{job}:watch", last: 1)
{
    protected override void TakeFrame(ReadOnlySpan<byte> frame)
    {
        if (frame.IndexOf("event: execution_update"u8) < 0)
        {
            IsLive |= frame.IndexOf("event: caught_up"u8) >= 0;
            return;
        }

        if (!Utf8Parser.TryParse(frame[(frame.IndexOf(Position) + Position.Length)..], out long position, out _))
        {
            throw new InvalidDataException("An event has no position.");
        }

        Saw(position, Latencies is null ? default : Mark.Find(frame));
    }

    private static ReadOnlySpan<byte> Position => "\"position\":"u8;
}
