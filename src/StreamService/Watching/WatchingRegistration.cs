using Grpc.AspNetCore.Server.Model;
using Jobwatch.StreamService.Settings;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Jobwatch.StreamService.Watching;

internal static class WatchingRegistration
{
    /// <summary>Serves watches. Needs the journal and the live room.</summary>
    public static IServiceCollection AddWatching(this IServiceCollection services)
    {
        services.AddOptions<WatchingOptions>().BindConfiguration(WatchingOptions.Section).CheckOnStart(WatchingOptions.Section);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<Metrics>();
        services.AddSingleton<Farewell>();
        services.AddSingleton<SharedLooks>();
        services.AddSingleton<StartResolver>();
        services.AddSingleton<OpeningTurns>();
        services.AddSingleton<WatchOpener>();
        services.AddSingleton<WatchRoom>();
        services.AddSingleton<WatchRpc>();
        services.AddSingleton<IServiceMethodProvider<WatchRpc>, WatchMethods>();
        services.AddGrpc();
        return services;
    }

    public static GrpcServiceEndpointConventionBuilder MapWatching(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGrpcService<WatchRpc>();
}
