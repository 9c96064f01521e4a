using Jobwatch.Bench.Events;
using Jobwatch.Bench.Watching;

namespace Jobwatch.Bench.Peers.SignalR;

/// <summary>A client over server-sent events. Each has one record, whose end serves as the frame's.</summary>
internal sealed class SignalRSseWatcher(Uri server, string path) : HttpWatcher(server, path, last: 0)
{
    protected override int Take(ReadOnlySpan<byte> bytes)
    {
        var taken = 0;
        while (bytes[taken..].IndexOf(Records.End) is var end && end >= 0)
        {
            var record = bytes.Slice(taken, end);
            var mark = Mark.Find(record);
            if (mark.IsEmpty)
            {
                IsLive |= Records.SaysLive(record);
            }
            else
            {
                Saw(mark);
            }

            taken += end + 1;
        }

        return taken;
    }
}
