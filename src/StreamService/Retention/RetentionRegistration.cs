using Jobwatch.StreamService.Settings;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Jobwatch.StreamService.Retention;

internal static class RetentionRegistration
{
    /// <summary>Ends history where the rules say so. Needs the journal.</summary>
    public static IServiceCollection AddRetention(this IServiceCollection services)
    {
        services.AddOptions<RetentionOptions>().BindConfiguration(RetentionOptions.Section).CheckOnStart(RetentionOptions.Section);
        services.AddSingleton<IValidateOptions<RetentionOptions>, RetentionRulesCheck>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<RetentionOptions>>().Value);
        services.AddSingleton<Metrics>();
        services.AddSingleton<RetentionJob>();
        services.AddHostedService(provider => provider.GetRequiredService<RetentionJob>());
        return services;
    }
}
