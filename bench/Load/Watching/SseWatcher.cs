namespace Jobwatch.Bench.Watching;

/// <summary>A watcher of server-sent events.</summary>
/// <param name="server">The server.</param>
/// <param name="path">What is watched.</param>
/// <param name="last">The number of the last event that it doesn't get.</param>
internal abstract class SseWatcher(Uri server, string path, long last = 0) : HttpWatcher(server, path, last)
{
    protected sealed override int Take(ReadOnlySpan<byte> bytes)
    {
        var taken = 0;
        while (bytes[taken..].IndexOf("\n\n"u8) is var end && end >= 0)
        {
            TakeFrame(bytes.Slice(taken, end));
            taken += end + 2;
        }

        return taken;
    }

    /// <summary>Takes a frame without the empty line at its end.</summary>
    protected abstract void TakeFrame(ReadOnlySpan<byte> frame);
}
