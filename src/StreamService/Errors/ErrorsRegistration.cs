namespace Jobwatch.StreamService.Errors;

internal static class ErrorsRegistration
{
    /// <summary>Makes every gRPC method answer with the API's errors only.</summary>
    public static IServiceCollection AddErrors(this IServiceCollection services)
    {
        // As a singleton, or each call would make one.
        services.AddSingleton<ErrorInterceptor>();
        services.AddGrpc(grpc => grpc.Interceptors.Add<ErrorInterceptor>());
        return services;
    }

    /// <summary>Goes before everything that may answer a gRPC call.</summary>
    public static IApplicationBuilder UseErrors(this IApplicationBuilder app) => app.UseMiddleware<FrameworkErrors>();
}
