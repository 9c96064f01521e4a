using Grpc.Net.Client.Balancer;

namespace Jobwatch.Client.Wire;

internal sealed class FixedNodesFactory(NodeAddresses nodes) : ResolverFactory
{
    public override string Name => NodeAddresses.Static;

    public override Resolver Create(ResolverOptions options) =>
        new FixedNodes([.. nodes.Fixed.Select(node => new BalancerAddress(node.IdnHost, node.Port))], options.LoggerFactory);
}
