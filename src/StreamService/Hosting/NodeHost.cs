using System.Net.Sockets;
using Jobwatch.Shared;
using Jobwatch.StreamService.Catalog;
using Jobwatch.StreamService.Errors;
using Jobwatch.StreamService.Hints;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Live;
using Jobwatch.StreamService.Recording;
using Jobwatch.StreamService.Retention;
using Jobwatch.StreamService.Settings;
using Jobwatch.StreamService.Tenancy;
using Jobwatch.StreamService.Watching;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Jobwatch.StreamService.Hosting;

/// <summary>Puts a node together.</summary>
internal static class NodeHost
{
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        // The program's own folder, not the one that it was started in: whatever lies there is none of ours.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        var started = false;
        builder.AddJsonLogs(isStarted: () => Volatile.Read(ref started));
        builder.Services.AddErrors();
        builder.Services.AddTenancy();
        builder.Services.AddHints();
        builder.Services.AddJournal(builder.Configuration);
        builder.Services.AddRecording();
        builder.Services.AddLive();
        builder.Services.AddWatching();
        builder.Services.AddCatalog();
        builder.Services.AddRetention();
        builder.Services.AddNode();
        configure?.Invoke(builder);

        var app = builder.Build();
        app.Lifetime.ApplicationStarted.Register(() => Volatile.Write(ref started, true));
        app.UseMonitoring();
        app.UseErrors();
        app.UseRouting();
        app.UseMiddleware<DrainGate>();
        app.UseTenancy();
        app.MapRecording();
        app.MapWatching();
        app.MapCatalog();
        app.MapNodeHealth();
        app.MapReflection();
        return app;
    }

    /// <summary>Runs a node until it is asked to stop or fails.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(WebApplication node, CancellationToken cancellation = default)
    {
        using var failures = new PartFailures(node);
        try
        {
            await node.StartAsync(cancellation);
        }
        catch (OperationCanceledException) when (node.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Asked to stop before it had started: no failure.
        }
        catch (Exception refused) when (refused is IOException or SocketException)
        {
            // The addresses come last, so the parts have begun. The host tells of a part that is cut as of one that failed, unless
            // it was asked to stop.
            failures.Dispose();
            await node.StopAsync(CancellationToken.None);
            throw;
        }

        await node.WaitForShutdownAsync(cancellation);
        return failures.ExitCode;
    }

    private static void AddNode(this IServiceCollection services)
    {
        services.AddOptions<NodeOptions>().BindConfiguration(NodeOptions.Section).CheckOnStart(NodeOptions.Section);
        services.AddSingleton<IValidateOptions<NodeOptions>, NodeOptionsValidator>();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, KestrelSetup>();
        services.AddOptions<HostOptions>()
            .Configure<IOptions<NodeOptions>>((host, node) => host.ShutdownTimeout = node.Value.ShutdownTimeout);
        services.AddSingleton(provider => new Departure(
            provider.GetRequiredService<IHostApplicationLifetime>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<NodeOptions>>().Value.PreStopDelay));
        services.AddSingleton<IHostLifetime>(provider => provider.GetRequiredService<Departure>());
        services.AddGrpcForStreams();
        services.AddNodeHealth();
        services.AddMonitoring();
        services.AddHostedService<ReadyAnnouncement>();
        services.AddHostedService<IdleCollection>();
    }
}
