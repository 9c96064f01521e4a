namespace Jobwatch.StreamService.Hints;

internal static partial class Log
{
    [LoggerMessage(10001, LogLevel.Warning, "Nothing is heard of other nodes' commits but by the sweep: {Cause}")]
    public static partial void Unlinked(ILogger logger, string cause);

    [LoggerMessage(10002, LogLevel.Information, "Linked to the other nodes by {Transport}.")]
    public static partial void Linked(ILogger logger, HintTransport transport);

    [LoggerMessage(10003, LogLevel.Information, "This node tells the others nothing and hears nothing of them: their commits are found by the sweep.")]
    public static partial void NoTransport(ILogger logger);
}
