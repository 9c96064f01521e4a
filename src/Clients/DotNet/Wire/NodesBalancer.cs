using Grpc.Core;
using Grpc.Net.Client.Balancer;

namespace Jobwatch.Client.Wire;

/// <summary>
/// Keeps a connection to each node, and gives the calls to those that are connected. Where none is, calls wait only for nodes that are
/// being connected to and have not failed since: once all have, calls are refused at once until one is there again.
/// </summary>
/// <remarks>The channel calls it one at a time, under its own lock.</remarks>
internal sealed class NodesBalancer : LoadBalancer
{
    // Twice what a connection that is being made may take until something is heard of it.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(10);

    private readonly IChannelControlHelper _controller;
    private readonly KnownNodes _known;
    private readonly TimeProvider _time;
    private readonly ITimer _look;
    private List<NodeConnection> _nodes = [];
    private List<Subchannel>? _ready;
    private bool _mayCome;

    internal NodesBalancer(IChannelControlHelper controller, KnownNodes known, TimeProvider time)
    {
        _controller = controller;
        _known = known;
        _time = time;
        // By way of the resolver, whose answer comes under the channel's lock.
        _look = time.CreateTimer(_ => LookUp(), null, LongestSilence, LongestSilence);
    }

    public override void UpdateChannelState(ChannelState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Status.StatusCode == StatusCode.OK && state.Addresses is { Count: > 0 } addresses)
            Take(addresses);
        else if (_nodes.Count == 0)
            Refuse(state.Status.StatusCode == StatusCode.OK ? new Status(StatusCode.Unavailable, "No node has an address.") : state.Status);

        // Those that are known go on while a name can't be looked up.
        foreach (var node in _nodes)
            node.RenewIfSilent(LongestSilence);
    }

    public override void RequestConnection()
    {
        foreach (var node in _nodes)
            node.Hurry();
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _look.Dispose();
        foreach (var node in _nodes)
            node.Dispose();
        _nodes = [];
    }

    private void Take(IReadOnlyList<BalancerAddress> addresses)
    {
        var before = _nodes;
        var added = new List<NodeConnection>();
        _nodes = [.. addresses.DistinctBy(address => address.EndPoint).Select(address => before.Find(node => node.IsAt(address)) ?? Added(address))];
        _known.Strange.Know(_nodes.Select(node => node.Name));
        foreach (var gone in before.Except(_nodes))
            gone.Dispose();
        foreach (var node in added)
            node.Connect();
        Publish();

        NodeConnection Added(BalancerAddress address)
        {
            var node = new NodeConnection(address, _controller, _time, Publish, LookUp);
            added.Add(node);
            return node;
        }
    }

    private void LookUp()
    {
        try
        {
            _controller.RefreshResolver();
        }
        catch (ObjectDisposedException)
        {
            // The channel is being disposed of, the resolver first.
        }
    }

    private void Publish()
    {
        var ready = _nodes.Select(node => node.Ready).OfType<Subchannel>().ToList();
        var mayCome = _nodes.Exists(node => node is { Ready: null, Failure: null });
        if (ready.Count == 0)
        {
            if (mayCome || _nodes.Count == 0)
                Update(ConnectivityState.Connecting, WaitingPicker.Instance, null);
            else
                Refuse(_nodes[^1].Failure!.Value);
        }
        else if (_ready is null || mayCome != _mayCome || !ready.SequenceEqual(_ready))
        {
            // Only where they changed: the turn goes on.
            _mayCome = mayCome;
            Update(ConnectivityState.Ready, new NodesPicker(ready, _known.Shunned, mayCome), ready);
        }
    }

    private void Refuse(Status status) => Update(ConnectivityState.TransientFailure, new RefusingPicker(status), null);

    private void Update(ConnectivityState state, SubchannelPicker picker, List<Subchannel>? ready)
    {
        _ready = ready;
        _controller.UpdateState(new BalancerState(state, picker));
    }
}
