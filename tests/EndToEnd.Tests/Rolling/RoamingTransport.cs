using Jobwatch.Testing.Watching;
using Jobwatch.V1;

namespace Jobwatch.EndToEnd.Tests.Rolling;

/// <summary>Opens each session at the next server in turn; one that is away is passed over, as a load balancer does.</summary>
internal sealed class RoamingTransport(IReadOnlyList<Transport> servers) : Transport
{
    private int _turn = Random.Shared.Next(servers.Count);

    public override async Task<Session> OpenAsync(WatchJobRequest request, CancellationToken cancel)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return await servers[_turn++ % servers.Count].OpenAsync(request, cancel);
            }
            catch (HttpRequestException) when (tries < servers.Count)
            {
                // Away, or not ready any more.
            }
        }
    }

    public override string ToString() => $"{servers.Count} {servers[0]}s";
}
