using Grpc.Net.Client.Balancer;
using Microsoft.Extensions.Logging;

namespace Jobwatch.Client.Wire;

/// <summary>Keeps a connection to each node, and gives the calls to those that are connected.</summary>
internal sealed class NodesBalancer(IChannelControlHelper controller, ILoggerFactory loggerFactory, ShunnedNodes shunned)
    : SubchannelsLoadBalancer(controller, loggerFactory)
{
    protected override SubchannelPicker CreatePicker(IReadOnlyList<Subchannel> readySubchannels) => new NodesPicker(readySubchannels, shunned);
}
