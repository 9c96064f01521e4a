namespace Jobwatch.StreamService.Hints;

internal static partial class Log
{
    [LoggerMessage(9001, LogLevel.Warning, "Nothing is heard of other nodes' commits but by the sweep: {Cause}")]
    public static partial void Unlinked(ILogger logger, string cause);

    [LoggerMessage(9002, LogLevel.Information, "Linked to the other nodes by {Transport}.")]
    public static partial void Linked(ILogger logger, HintTransport transport);

    [LoggerMessage(9003, LogLevel.Information, "This node tells the others nothing and hears nothing of them: their commits are found by the sweep.")]
    public static partial void NoTransport(ILogger logger);
}
