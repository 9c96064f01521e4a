using Jobwatch.Shared;
using Jobwatch.SseEdge.Forwarding;
using Jobwatch.SseEdge.Health;
using Jobwatch.SseEdge.Monitoring;
using Jobwatch.SseEdge.OpenApi;
using Jobwatch.SseEdge.Page;
using Jobwatch.SseEdge.Problems;
using Jobwatch.SseEdge.Streaming;
using Jobwatch.SseEdge.Transcoding;
using Microsoft.Extensions.Options;

namespace Jobwatch.SseEdge.Hosting;

/// <summary>The whole edge, for its process and for hosts in other processes.</summary>
internal static class EdgeHost
{
    /// <summary>Builds an edge that is not started yet. Its files are found beside its program, whatever the current folder is.</summary>
    /// <param name="args">The command line: settings as <c>--Edge:HttpUrl=…</c>.</param>
    /// <param name="configure">What a host changes, e.g. the clock.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = typeof(EdgeHost).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
            WebRootPath = Path.Combine(AppContext.BaseDirectory, "wwwroot"),
        });
        builder.AddHosting();
        builder.Services.AddProblems();
        builder.Services.AddTranscoding();
        builder.Services.AddForwarding();
        builder.Services.AddStreaming();
        builder.Services.AddNodeReadiness();
        builder.Services.AddMonitoring();
        builder.Services.AddHostedService<IdleCollection>();
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseProblems();
        app.UseVerbs();
        app.MapForwarding();
        app.MapStreaming();
        app.MapHealth();
        app.MapMonitoring();
        app.MapOpenApi();
        app.MapPage();
        app.TellWhenReady();
        return app;
    }

    private static void TellWhenReady(this WebApplication app)
    {
        var node = app.Services.GetRequiredService<IOptions<EdgeOptions>>();
        app.Lifetime.ApplicationStarted.Register(() => Log.Ready(app.Logger, string.Join(' ', app.Urls), node.Value.NodeAddress));
        app.Lifetime.ApplicationStopping.Register(() => Log.Stopping(app.Logger));
    }
}
