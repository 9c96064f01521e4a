using Jobwatch.Client;

namespace Jobwatch.Cli.Servers;

internal static class Connection
{
    internal static JobwatchClient Open(ServerAddress server, Outages outages, TimeSpan? retryFor = null) => new(new JobwatchClientOptions
    {
        Addresses = [server.Grpc, .. server.Others],
        Token = server.Token,
        LoggerFactory = outages,
        // Somebody waits for it, at the drain's end or before a screen.
        MaxBackoff = TimeSpan.FromSeconds(2),
        RetryFor = retryFor ?? Timeout.InfiniteTimeSpan,
    });
}
