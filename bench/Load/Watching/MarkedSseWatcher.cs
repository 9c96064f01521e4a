using Jobwatch.Bench.Events;

namespace Jobwatch.Bench.Watching;

/// <summary>A watcher of server-sent events that goes by their marks. It is live once something came that has none.</summary>
internal sealed class MarkedSseWatcher(Uri server, string path) : SseWatcher(server, path)
{
    protected override void TakeFrame(ReadOnlySpan<byte> frame)
    {
        var mark = Mark.Find(frame);
        if (mark.IsEmpty)
        {
            IsLive = true;
            return;
        }

        Saw(mark);
    }
}
