using Grpc.Net.Client.Balancer;

namespace Jobwatch.Client.Wire;

internal sealed class NodesBalancerFactory(KnownNodes known, TimeProvider time) : LoadBalancerFactory
{
    internal const string PolicyName = "jobwatch_nodes";

    public override string Name => PolicyName;

    public override LoadBalancer Create(LoadBalancerOptions options) => new NodesBalancer(options.Controller, known, time);
}
