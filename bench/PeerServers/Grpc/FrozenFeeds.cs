using System.Collections.Concurrent;

namespace Jobwatch.Bench.PeerServers.Grpc;

/// <summary>A feed for each request that differs, so that a round finds nothing of the one before.</summary>
internal sealed class FrozenFeeds(int watchers)
{
    private readonly ConcurrentDictionary<string, FrozenFeed> _feeds = new();

    public FrozenFeed Of(byte[] request) => _feeds.GetOrAdd(Convert.ToHexString(request), _ => new FrozenFeed(watchers));
}
