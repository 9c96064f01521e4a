using Jobwatch.StreamService.Catalog;
using Jobwatch.StreamService.Errors;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Live;
using Jobwatch.StreamService.Recording;
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
        builder.Services.AddJournal(builder.Configuration);
        builder.Services.AddRecording();
        builder.Services.AddLive();
        builder.Services.AddWatching();
        builder.Services.AddCatalog();
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

    /// <summary>
    /// The exit code of a node that has stopped: 1 if a part of it that runs by itself failed, for the host then stops
    /// as if it had been asked to, and nobody would start it again.
    /// </summary>
    public static int ExitCode(WebApplication node) =>
        node.Services.GetServices<IHostedService>().OfType<BackgroundService>().Any(part => part.ExecuteTask is { IsFaulted: true }) ? 1 : 0;

    private static void AddNode(this IServiceCollection services)
    {
        services.AddOptions<NodeOptions>().BindConfiguration(NodeOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<NodeOptions>, NodeOptionsValidator>();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, KestrelSetup>();
        services.AddOptions<HostOptions>()
            .Configure<IOptions<NodeOptions>>((host, node) => host.ShutdownTimeout = node.Value.ShutdownTimeout);
        services.AddGrpcForStreams();
        services.AddNodeHealth();
        services.AddMonitoring();
        services.AddHostedService<ReadyAnnouncement>();
    }
}
