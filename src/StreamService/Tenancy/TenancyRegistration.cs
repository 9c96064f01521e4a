using Jobwatch.StreamService.Settings;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Jobwatch.StreamService.Tenancy;

internal static class TenancyRegistration
{
    public static IServiceCollection AddTenancy(this IServiceCollection services)
    {
        services.AddOptions<TenancyOptions>().BindConfiguration(TenancyOptions.Section).CheckOnStart(TenancyOptions.Section);
        services.AddSingleton<IValidateOptions<TenancyOptions>, TenancyOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<TokensFile>();
        return services;
    }

    /// <summary>Goes after routing and before the endpoints.</summary>
    public static IApplicationBuilder UseTenancy(this IApplicationBuilder app) => app.UseMiddleware<TenantMiddleware>();
}
