namespace Jobwatch.StreamService.Recording;

internal static class RecordingRegistration
{
    public static IServiceCollection AddRecording(this IServiceCollection services)
    {
        services.AddSingleton<Metrics>();
        services.AddSingleton<BatchIntake>();
        services.AddSingleton<RecordRoom>();
        services.AddSingleton<RecordRpc>();
        return services;
    }

    public static void MapRecording(this IEndpointRouteBuilder endpoints) => endpoints.MapGrpcService<RecordRpc>();
}
