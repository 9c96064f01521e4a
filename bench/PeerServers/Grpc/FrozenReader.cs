namespace Jobwatch.Bench.PeerServers.Grpc;

/// <summary>How far one watcher is.</summary>
internal sealed class FrozenReader
{
    private long _position;

    /// <summary>The last event that was sent.</summary>
    public long Position
    {
        get => Volatile.Read(ref _position);
        set => Volatile.Write(ref _position, value);
    }
}
