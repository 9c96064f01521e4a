using Grpc.Net.Client.Balancer;
using Microsoft.Extensions.Logging;

namespace Jobwatch.Client.Wire;

/// <summary>
/// Gives the addresses that the options name, and gives them again whenever it is asked to: the balancer looks after its nodes then.
/// The channel's own resolver of such addresses gives them once.
/// </summary>
internal sealed class FixedNodes(IReadOnlyList<BalancerAddress> addresses, ILoggerFactory log) : PollingResolver(log)
{
    protected override async Task ResolveAsync(CancellationToken cancellationToken)
    {
        // Apart: it may be asked within a subchannel's own word of a change.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            Listener(ResolverResult.ForResult(addresses));
        }
        catch (Exception refused) when (cancellationToken.IsCancellationRequested)
        {
            // The channel ended meanwhile, and its balancer takes nothing any more. Else that would be logged as an error, twice.
            throw new OperationCanceledException(refused.Message, refused, cancellationToken);
        }
    }
}
