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
        var url = "";
        try
        {
            await using var app = build();
            url = app.Services.GetRequiredService<IOptions<EdgeOptions>>().Value.HttpUrl;
            await app.StartAsync();
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception failure) when (Reasons(failure, url) is { Count: > 0 } reasons)
        {
            foreach (var reason in reasons)
                await Console.Error.WriteLineAsync(reason);
            return CannotStart;
        }
    }

    private static IReadOnlyList<string> Reasons(Exception failure, string url) => failure switch
    {
        OptionsValidationException wrong => [.. wrong.Failures],
        // The binder's message names the setting, its value and the type that it has to be of.
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } wrong => [wrong.Message],
        IOException { InnerException: AddressInUseException } => [$"Edge__HttpUrl={url}: another process listens there already."],
        IOException { InnerException: SocketException refused } => [$"Edge__HttpUrl={url}: {refused.Message}."],
        SocketException refused => [$"Edge__HttpUrl={url}: {refused.Message}."],
        _ => [],
    };
}
