using Microsoft.Extensions.Configuration.Memory;

namespace Jobwatch.StreamService.Hosting;

/// <summary>One JSON line for each thing worth telling, on stdout.</summary>
internal static class LoggingSetup
{
    // Below what files, environment and arguments say.
    private static readonly Dictionary<string, string?> Levels = new()
    {
        ["Logging:LogLevel:Default"] = "Information",
        ["Logging:LogLevel:Microsoft"] = "Warning",
        // It tells nothing from Warning up, and would still make an activity and a scope for each call.
        ["Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics"] = "None",
        // The journal tells once that the store is lost; the checks would tell it every second.
        ["Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks"] = "None",
        ["Logging:LogLevel:Grpc"] = "Warning",
        // ErrorInterceptor tells what goes wrong in a handler. What is left is a caller that leaves before it has sent its request.
        ["Logging:LogLevel:Grpc.AspNetCore.Server.ServerCallHandler"] = "None",
        ["Logging:LogLevel:Marten"] = "Warning",
        ["Logging:LogLevel:Npgsql"] = "Warning",
    };

    /// <param name="builder">The node.</param>
    /// <param name="isStarted">
    /// False until the node listens. Until then a failure to start is told once by <see cref="StartFailure"/>, not by
    /// each part of the host that it passes through.
    /// </param>
    public static void AddJsonLogs(this WebApplicationBuilder builder, Func<bool> isStarted)
    {
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = Levels });
        builder.Logging.ClearProviders().AddJsonConsole(json =>
        {
            json.UseUtcTimestamp = true;
            json.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
        });
        builder.Logging.AddFilter(
            "Microsoft.Extensions.Hosting.Internal.Host", level => level >= (isStarted() ? LogLevel.Warning : LogLevel.Critical));
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", level => isStarted() && level >= LogLevel.Warning);
    }
}
