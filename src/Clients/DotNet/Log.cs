using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Jobwatch.Client;

internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Information, "The stream broke ({Status}: {Detail}); it goes on in {Wait}")]
    internal static partial void Resuming(ILogger logger, StatusCode status, string detail, TimeSpan wait);

    [LoggerMessage(3002, LogLevel.Information, "The server is draining; the stream goes on in {Wait}")]
    internal static partial void Draining(ILogger logger, TimeSpan wait);

    [LoggerMessage(3004, LogLevel.Debug, "The stream has got its age; it goes on, perhaps at another node")]
    internal static partial void OldEnough(ILogger logger);

    [LoggerMessage(3003, LogLevel.Information, "The append failed ({Status}: {Detail}); it is sent again in {Wait}")]
    internal static partial void AppendingAgain(ILogger logger, StatusCode status, string detail, TimeSpan wait);
}
