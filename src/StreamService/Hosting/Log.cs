namespace Jobwatch.StreamService.Hosting;

internal static partial class Log
{
    [LoggerMessage(EventId = 8001, Level = LogLevel.Information, Message = "The node is ready on {Addresses}.")]
    public static partial void Ready(ILogger logger, string addresses);
}
