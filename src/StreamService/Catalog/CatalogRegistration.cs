namespace Jobwatch.StreamService.Catalog;

internal static class CatalogRegistration
{
    public static IServiceCollection AddCatalog(this IServiceCollection services)
    {
        services.AddSingleton<JobLookup>();
        services.AddSingleton<JobLists>();
        services.AddSingleton<ExecutionLists>();
        services.AddSingleton<EventLists>();
        services.AddSingleton<CatalogRpc>();
        return services;
    }

    public static void MapCatalog(this IEndpointRouteBuilder endpoints) => endpoints.MapGrpcService<CatalogRpc>();
}
