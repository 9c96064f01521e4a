using Jobwatch.Bench.Watching;

namespace Jobwatch.Bench.Peers.SignalR;

/// <summary>A client over server-sent events. Records end within the frames' data, so frames need not be told apart.</summary>
internal sealed class SignalRSseWatcher(Uri server, string path) : HttpWatcher(server, path, last: 0)
{
    protected override int Take(ReadOnlySpan<byte> bytes) => Records.Take(bytes, Receive);

    private void Receive(ReadOnlySpan<byte> mark, bool saysLive)
    {
        IsLive |= saysLive;
        if (!mark.IsEmpty)
        {
            Saw(mark);
        }
    }
}
