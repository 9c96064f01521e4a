using Grpc.Net.Client.Balancer;

namespace Jobwatch.Client.Wire;

/// <summary>One node after the other, without those that are shunned unless all are.</summary>
internal sealed class NodesPicker(IReadOnlyList<Subchannel> ready, ShunnedNodes shunned) : SubchannelPicker
{
    // Anywhere: clients that come together would else all begin with the same node.
    private int _turn = Random.Shared.Next(ready.Count);

    public override PickResult Pick(PickContext context)
    {
        var turn = (uint)Interlocked.Increment(ref _turn);
        for (uint i = 0; i < ready.Count; i++)
        {
            var node = ready[(int)((turn + i) % (uint)ready.Count)];
            if (!shunned.Has(NameOf(node)))
                return PickResult.ForSubchannel(node);
        }

        return PickResult.ForSubchannel(ready[(int)(turn % (uint)ready.Count)]);
    }

    // Each node is a subchannel of its own, with one address.
    private static string NameOf(Subchannel node)
    {
        var at = node.GetAddresses()[0].EndPoint;
        return NodeHandler.NameOf(at.Host, at.Port);
    }
}
