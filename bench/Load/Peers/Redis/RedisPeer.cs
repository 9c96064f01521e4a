using System.Globalization;
using Jobwatch.Bench.FanOut;
using Jobwatch.Bench.Watching;

namespace Jobwatch.Bench.Peers.Redis;

/// <summary>redis-server's PUBLISH and SUBSCRIBE.</summary>
internal sealed class RedisPeer() : Peer("Redis")
{
    public override string Lacks => "pub/sub keeps nothing; a watcher that is away or slow misses events";

    // Well within the 8 MB of a watcher that may wait for a minute before it is dropped.
    public override int Window => 400;

    public override Watcher Watch(string topic) => new RedisWatcher(Address, topic);

    public override Publisher Publish(IReadOnlyList<string> topics, int underWay) => new RedisPublisher(Address, topics, underWay * Batch);

    protected override Task<PeerProgram> LaunchAsync() => PeerProgram.StartAsync("redis-server", (folder, port) =>
    [
        "--bind", "127.0.0.1", "--port", port.ToString(CultureInfo.InvariantCulture), "--dir", folder, "--save", "", "--appendonly", "no",
    ]);
}
