using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Jobwatch.SseEdge.Monitoring;

/// <summary>What Prometheus scrapes.</summary>
internal static class MonitoringSetup
{
    public static void AddMonitoring(this IServiceCollection services) => services.AddOpenTelemetry()
        .ConfigureResource(resource => resource.AddService("jobwatch-edge"))
        .WithMetrics(metrics => metrics
        .AddMeter(
            Streaming.Metrics.MeterName,
            "Microsoft.AspNetCore.Hosting",
            "Microsoft.AspNetCore.Server.Kestrel",
            "System.Net.Http",
            "System.Runtime")
        .AddPrometheusExporter());

    public static void MapMonitoring(this IEndpointRouteBuilder routes) =>
        routes.MapPrometheusScrapingEndpoint("/metrics").WithMetadata(new HttpMethodMetadata([HttpMethods.Get]));
}
