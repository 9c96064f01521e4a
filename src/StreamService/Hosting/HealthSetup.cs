using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Jobwatch.StreamService.Hosting;

/// <summary>grpc.health.v1: SERVING for the node as a whole and for each service only while the store can be used.</summary>
internal static class HealthSetup
{
    public static IServiceCollection AddNodeHealth(this IServiceCollection services)
    {
        services.AddGrpcHealthChecks(health =>
        {
            // Check asks anew each time; Watch is told by the publisher below.
            health.UseHealthChecksCache = false;
            health.Services.Map("", _ => true);
            foreach (var service in GrpcSetup.Services)
            {
                health.Services.Map(service.FullName, _ => true);
            }
        }).AddCheck<StoreHealth>("store");
        services.Configure<HealthCheckPublisherOptions>(publisher =>
        {
            publisher.Delay = TimeSpan.Zero;
            publisher.Period = TimeSpan.FromSeconds(1);
        });
        return services;
    }

    public static void MapNodeHealth(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGrpcHealthChecksService().AllowAnonymous();
}
