using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Jobwatch.Client;

internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Information, "The stream broke ({Status} {Reason}: {Detail}), {Failures} in a row; it goes on in {Wait}")]
    internal static partial void Resuming(ILogger logger, StatusCode status, string? reason, string detail, int failures, TimeSpan wait);

    [LoggerMessage(3002, LogLevel.Information, "The server is draining; the stream goes on in {Wait}")]
    internal static partial void Draining(ILogger logger, TimeSpan wait);

    [LoggerMessage(3004, LogLevel.Debug, "The stream has got its age; it goes on, perhaps at another node")]
    internal static partial void OldEnough(ILogger logger);

    [LoggerMessage(3003, LogLevel.Information, "The append failed ({Status}: {Detail}); it is sent again in {Wait}")]
    internal static partial void AppendingAgain(ILogger logger, StatusCode status, string detail, TimeSpan wait);

    [LoggerMessage(3005, LogLevel.Information, "The recording stream broke ({Status} {Reason}: {Detail}), {Failures} in a row; what was not answered is sent again in {Wait}")]
    internal static partial void SendingAgain(ILogger logger, StatusCode status, string? reason, string detail, int failures, TimeSpan wait);
}
