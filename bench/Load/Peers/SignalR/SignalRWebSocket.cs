using Jobwatch.Bench.Watching;

namespace Jobwatch.Bench.Peers.SignalR;

/// <summary>Its clients use WebSockets, without negotiation.</summary>
internal sealed class SignalRWebSocket() : SignalRPeer("SignalR WebSocket")
{
    public override Watcher Watch(string topic) => new SignalRWebSocketWatcher(Address, $"/hub{Query(topic)}");
}
