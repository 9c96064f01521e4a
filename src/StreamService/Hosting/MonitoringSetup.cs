using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using OpenTelemetry.Metrics;

namespace Jobwatch.StreamService.Hosting;

/// <summary>/livez, /readyz and /metrics, on the monitoring endpoint only.</summary>
internal static class MonitoringSetup
{
    public static IServiceCollection AddMonitoring(this IServiceCollection services)
    {
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter("Jobwatch.*", "System.Runtime", "Npgsql", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel")
            .AddPrometheusExporter());
        return services;
    }

    /// <summary>
    /// Answers everything that comes as HTTP/1.1, which only the monitoring endpoint speaks, so that neither endpoint
    /// shows what the other has.
    /// </summary>
    public static void UseMonitoring(this IApplicationBuilder app) =>
        app.MapWhen(context => !HttpProtocol.IsHttp2(context.Request.Protocol), monitoring =>
        {
            monitoring.UseHealthChecks("/livez", new HealthCheckOptions { Predicate = _ => false });
            monitoring.UseHealthChecks("/readyz");
            monitoring.UseOpenTelemetryPrometheusScrapingEndpoint("/metrics");
            monitoring.Run(context =>
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            });
        });
}
