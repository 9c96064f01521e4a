using Jobwatch.Client;

namespace Jobwatch.Cli.Servers;

internal static class Connection
{
    internal static JobwatchClient Open(ServerAddress server, Outages outages, TimeSpan? retryFor = null) => new(new JobwatchClientOptions
    {
        Address = server.Grpc,
        Token = server.Token,
        LoggerFactory = outages,
        RetryFor = retryFor ?? Timeout.InfiniteTimeSpan,
    });
}
