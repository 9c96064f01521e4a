namespace Jobwatch.SseEdge.Hosting;

internal static partial class Log
{
    [LoggerMessage(4001, LogLevel.Information, "The edge is ready at {Url}, with the nodes at {NodeAddress}")]
    public static partial void Ready(ILogger logger, string url, string nodeAddress);

    [LoggerMessage(4002, LogLevel.Information, "The edge is stopping")]
    public static partial void Stopping(ILogger logger);
}
