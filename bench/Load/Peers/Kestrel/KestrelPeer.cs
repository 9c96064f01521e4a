using Jobwatch.Bench.FanOut;
using Jobwatch.Bench.Watching;

namespace Jobwatch.Bench.Peers.Kestrel;

/// <summary>The limit of the server that our edge is built on: an endpoint that writes frozen frames, fed over HTTP.</summary>
internal class KestrelPeer : Peer
{
    public KestrelPeer()
        : this("bare Kestrel")
    {
    }

    protected KestrelPeer(string name)
        : base(name)
    {
    }

    public override bool CompilesAsItRuns => true;

    public override string Lacks => "keeps nothing, one stream, one frame for all";

    public override Watcher Watch(string topic) => new MarkedSseWatcher(Address, "/watch");

    public override Publisher Publish(IReadOnlyList<string> topics, int underWay) => new HttpPublisher(Address, ["/publish"], underWay);

    protected override Task<PeerProgram> LaunchAsync() => PeerProgram.StartOwnAsync("kestrel-sse");
}
