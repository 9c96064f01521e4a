using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Jobwatch.SseEdge.Hosting;

/// <summary>Runs the edge to its end, and tells a start that fails in lines that an operator can act on.</summary>
internal static class Startup
{
    /// <summary>The exit code of a start that failed for its settings or its surroundings.</summary>
    public const int CannotStart = 2;

    /// <summary>Builds, starts and runs the edge until it is told to stop.</summary>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(Func<WebApplication> build)
    {
        try
        {
            await using var app = build();
            await app.StartAsync();
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception failure) when (Reasons(failure) is { Count: > 0 } reasons)
        {
            foreach (var reason in reasons)
                await Console.Error.WriteLineAsync(reason);
            return CannotStart;
        }
    }

    private static IReadOnlyList<string> Reasons(Exception failure) => failure switch
    {
        OptionsValidationException wrong => [.. wrong.Failures],
        // The binder's message names the setting, its value and the type that it has to be of.
        InvalidOperationException { InnerException: FormatException } wrong => [wrong.Message],
        IOException { InnerException: AddressInUseException } inUse => [$"{Listens} {inUse.Message}"],
        IOException { InnerException: SocketException } refused => [$"{Listens} {refused.Message}"],
        SocketException refused => [$"{Listens} {refused.Message}"],
        _ => [],
    };

    private const string Listens = "Edge__HttpUrl says where the edge listens, but it can't:";
}
