using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Jobwatch.Bench.PeerServers.Grpc;

/// <summary>A feed for each request that differs, so that a round finds nothing of the one before. A request is WATCHERS NAME.</summary>
internal sealed class FrozenFeeds
{
    private readonly ConcurrentDictionary<string, FrozenFeed> _feeds = new();

    public FrozenFeed Of(byte[] request) => _feeds.GetOrAdd(
        Encoding.ASCII.GetString(request), request => new FrozenFeed(int.Parse(request.Split(' ')[0], CultureInfo.InvariantCulture)));
}
