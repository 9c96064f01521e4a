using Grpc.Net.Client.Balancer;

namespace Jobwatch.Client.Wire;

/// <summary>
/// Gives the addresses that the options name, and gives them again whenever it is asked to: the balancer looks after its nodes then.
/// The channel's own resolver of such addresses gives them once.
/// </summary>
internal sealed class FixedNodes(IReadOnlyList<BalancerAddress> addresses, ResolverOptions options) : PollingResolver(options.LoggerFactory)
{
    protected override async Task ResolveAsync(CancellationToken cancellationToken)
    {
        // Apart: it may be asked within a subchannel's own word of a change.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        Listener(ResolverResult.ForResult(addresses));
    }
}
