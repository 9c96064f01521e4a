using Jobwatch.Bench.FanOut;

namespace Jobwatch.Bench.Peers.SignalR;

/// <summary>ASP.NET Core SignalR: a hub whose clients get what is posted to an endpoint beside it.</summary>
internal abstract class SignalRPeer(string name) : Peer(name)
{
    private const string OnlyTopic = "all";

    public override bool CompilesAsItRuns => true;

    public override string Lacks => "keeps nothing: who is away misses events";

    // What is slow would take long to send so much more than a watcher has.
    public override int Window => 500;

    public override int Batch => 100;

    public override IReadOnlyList<string> MakeTopics(int count) => count == 1 ? [OnlyTopic] : base.MakeTopics(count);

    public override Publisher Publish(IReadOnlyList<string> topics, int underWay) =>
        new HttpPublisher(Address, [.. topics.Select(topic => $"/publish{Query(topic)}")], underWay);

    protected override Task<PeerProgram> LaunchAsync() => PeerProgram.StartOwnAsync("signalr");

    /// <summary>What is added to a path to name a topic: a hub with only one has no groups.</summary>
    protected static string Query(string topic) => topic == OnlyTopic ? "" : $"?topic={topic}";
}
