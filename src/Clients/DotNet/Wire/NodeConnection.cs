using Grpc.Core;
using Grpc.Net.Client.Balancer;

namespace Jobwatch.Client.Wire;

/// <summary>
/// The connection to one node, for as long as its address is known. It is made by subchannels, a new one each time: a subchannel that is
/// asked to connect while it gives up takes its old attempt for one that is under way, and never connects again.
/// </summary>
internal sealed class NodeConnection(BalancerAddress address, IChannelControlHelper controller, TimeProvider time, Action changed, Action lookUp) : IDisposable
{
    private Subchannel? _subchannel;
    private long _heard;
    private bool _isReady;

    /// <summary>What calls can be sent on; null while it is not connected.</summary>
    internal Subchannel? Ready => _isReady ? _subchannel : null;

    /// <summary>Why it could not be connected to, since it was connected last; null if that has not been found yet.</summary>
    internal Status? Failure { get; private set; }

    internal string Name => NodeHandler.NameOf(address.EndPoint.Host, address.EndPoint.Port);

    internal bool IsAt(BalancerAddress other) => address.EndPoint.Equals(other.EndPoint);

    internal void Connect()
    {
        var made = controller.CreateSubchannel(new SubchannelOptions([address]));
        made.OnStateChanged(state =>
        {
            if (made == _subchannel)
                Take(state);
        });
        _subchannel = made;
        _isReady = false;
        _heard = time.GetTimestamp();
        made.RequestConnection();
    }

    /// <summary>Tries at once, if it waits to try again.</summary>
    internal void Hurry()
    {
        if (!_isReady)
            _subchannel?.RequestConnection();
    }

    /// <summary>Begins anew where nothing was heard of an attempt for too long: a subchannel's attempts can end without a word.</summary>
    internal void RenewIfSilent(TimeSpan limit)
    {
        if (!_isReady && time.GetElapsedTime(_heard) > limit)
            Renew();
    }

    public void Dispose()
    {
        if (_subchannel is not { } old)
            return;
        _subchannel = null;
        _isReady = false;
        // Apart: this may be within a subchannel's own word of a change, which it goes on to tell others.
        _ = Task.Run(old.Dispose);
    }

    private void Take(SubchannelState state)
    {
        _heard = time.GetTimestamp();
        switch (state.State)
        {
            case ConnectivityState.Ready:
                (_isReady, Failure) = (true, null);
                changed();
                break;
            case ConnectivityState.TransientFailure:
                (_isReady, Failure) = (false, state.Status);
                changed();
                lookUp();
                break;
            case ConnectivityState.Idle:
                Renew();
                lookUp();
                break;
            default:
                break;
        }
    }

    private void Renew()
    {
        Dispose();
        Connect();
        changed();
    }
}
