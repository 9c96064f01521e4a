using System.Buffers.Text;
using Jobwatch.Bench.Events;
using Jobwatch.Bench.Watching;

namespace Jobwatch.Bench.Servers;

/// <summary>A watcher over server-sent events. It goes by positions.</summary>
/// <param name="edge">The edge.</param>
/// <param name="watch">The job and from where, as in <c>JOB:watch?start.beginning=true</c>.</param>
/// <param name="last">The position of the last event that it doesn't get.</param>
internal sealed class JobwatchWatcher(Uri edge, string watch, long last) : SseWatcher(edge, $"/v1/jobs/{watch}", last)
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
