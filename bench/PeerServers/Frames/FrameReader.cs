using Jobwatch.Shared;

namespace Jobwatch.Bench.PeerServers.Frames;

/// <summary>A reader's place.</summary>
internal sealed class FrameReader
{
    /// <summary>The first byte that it has not written yet.</summary>
    public long At;

    public Wakeup Wakeup { get; } = new();
}
