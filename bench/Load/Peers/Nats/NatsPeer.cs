using System.Globalization;
using System.Text;
using Jobwatch.Bench.FanOut;
using Jobwatch.Bench.Watching;

namespace Jobwatch.Bench.Peers.Nats;

/// <summary>
/// nats-server: a JetStream stream in files takes what is published, and acknowledges it; watchers subscribe to the subject itself,
/// which is its fastest way to them.
/// </summary>
internal sealed class NatsPeer() : Peer("NATS")
{
    private const string StreamName = "bench";

    public override string Lacks => "JetStream acknowledges before fsync; a watcher that is away or slow misses events";

    // Well within the 64 MB of a watcher that are kept waiting before it is dropped.
    public override int Window => 2000;

    // A wildcard stands for what is between dots.
    public override IReadOnlyList<string> MakeTopics(int count) => [.. base.MakeTopics(count).Select(topic => topic.Replace('-', '.'))];

    public override Watcher Watch(string topic) => new NatsWatcher(Address, topic);

    /// <summary>Connects a reader of what the stream keeps of a topic.</summary>
    public Watcher Replay(string topic) => new NatsHistory(Address, StreamName, topic);

    public override Publisher Publish(IReadOnlyList<string> topics, int underWay) => new NatsPublisher(Address, topics, underWay * Batch);

    protected override Task<PeerProgram> LaunchAsync() => PeerProgram.StartAsync("nats-server", (folder, port) =>
        ["-a", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), "-js", "-sd", folder]);

    protected override Task PrepareAsync()
    {
        var stream = Encoding.ASCII.GetBytes("""{"name":"bench","subjects":["bench.*"],"storage":"file","retention":"limits","discard":"old","max_bytes":1073741824}""");
        using var publisher = new NatsPublisher(Address, [$"$JS.API.STREAM.CREATE.{StreamName}"], 1);
        publisher.Ask(stream);
        return Task.CompletedTask;
    }
}
