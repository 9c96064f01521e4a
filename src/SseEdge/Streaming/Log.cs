namespace Jobwatch.SseEdge.Streaming;

internal static partial class Log
{
    [LoggerMessage(4101, LogLevel.Information, "A reader took nothing for {StallTimeout}; its connection is cut")]
    public static partial void Stalled(ILogger logger, TimeSpan stallTimeout);

    [LoggerMessage(4102, LogLevel.Error, "A stream broke")]
    public static partial void Broken(ILogger logger, Exception fault);
}
