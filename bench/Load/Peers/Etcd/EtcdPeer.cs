using Jobwatch.Bench.FanOut;
using Jobwatch.Bench.Watching;
using Jobwatch.Testing;

namespace Jobwatch.Bench.Peers.Etcd;

/// <summary>etcd: a key a topic, written over with each event, and watchers of the key over gRPC. It flushes before it acknowledges.</summary>
internal sealed class EtcdPeer() : Peer("etcd")
{
    public override string Lacks => "an event a request; a database of some GB that is to be compacted";

    public override Watcher Watch(string topic) => new EtcdWatcher(Address, topic);

    // Puts of one key that are under way together have no order; keys are put to in turn.
    public override Publisher Publish(IReadOnlyList<string> topics, int underWay) => new EtcdPublisher(Address, topics, Math.Min(underWay, topics.Count));

    /// <summary>Clients that each put one event after the other.</summary>
    /// <returns>Acknowledged events.</returns>
    public Task<long> PutAsync(int clients, TimeSpan duration) => EtcdPublisher.PutAsync(Address, MakeTopics(clients), duration);

    protected override Task<PeerProgram> LaunchAsync() => PeerProgram.StartAsync("etcd", (folder, port) =>
    {
        var (clients, peers) = ($"http://127.0.0.1:{port}", $"http://127.0.0.1:{Ports.Free()}");
        return
        [
            "--data-dir", folder, "--listen-client-urls", clients, "--advertise-client-urls", clients, "--listen-peer-urls", peers,
            "--initial-advertise-peer-urls", peers, "--initial-cluster", $"default={peers}", "--logger", "zap", "--log-level", "error",
        ];
    });
}
