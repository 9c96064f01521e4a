namespace Jobwatch.SseEdge.Problems;

internal static partial class Log
{
    [LoggerMessage(4201, LogLevel.Warning, "A call to the node failed")]
    public static partial void NodeFailed(ILogger logger, Exception failure);
}
