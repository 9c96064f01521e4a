using Grpc.Net.Client.Balancer;

namespace Jobwatch.Client.Wire;

/// <summary>One node after the other, without those that are shunned unless all are.</summary>
/// <param name="ready">Those that are connected.</param>
/// <param name="shunned">Those that are passed over.</param>
/// <param name="othersMayCome">Whether another is being connected to: a call waits for it before it goes to one that is shunned.</param>
internal sealed class NodesPicker(IReadOnlyList<Subchannel> ready, ShunnedNodes shunned, bool othersMayCome) : SubchannelPicker
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

        return othersMayCome ? PickResult.ForQueue() : PickResult.ForSubchannel(ready[(int)(turn % (uint)ready.Count)]);
    }

    // Each node is a subchannel of its own, with one address.
    private static string NameOf(Subchannel node)
    {
        var at = node.GetAddresses()[0].EndPoint;
        return NodeHandler.NameOf(at.Host, at.Port);
    }
}
