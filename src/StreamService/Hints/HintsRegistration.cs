using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Settings;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Jobwatch.StreamService.Hints;

internal static class HintsRegistration
{
    /// <summary>
    /// Links this node to the others. Needs the journal, but is to be added before it: parts stop in the opposite order, and the
    /// last commits are still to be told.
    /// </summary>
    public static IServiceCollection AddHints(this IServiceCollection services)
    {
        services.AddHintInterest();
        services.AddOptions<HintsOptions>().BindConfiguration(HintsOptions.Section).CheckOnStart(HintsOptions.Section);
        services.AddSingleton<IValidateOptions<HintsOptions>, HintsOptionsValidator>();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<HintsOptions>>().Value);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<Metrics>();
        services.AddSingleton<HintOutbox>();
        services.AddSingleton<OpenHintLink>(Transport);
        services.AddHostedService<HintExchange>();
        return services;
    }

    /// <summary>What whoever wants to hear of other nodes' commits needs, whether this node is linked to them or not.</summary>
    public static IServiceCollection AddHintInterest(this IServiceCollection services)
    {
        services.TryAddSingleton<HintChannels>();
        services.TryAddSingleton<HintInterest>();
        services.TryAddSingleton<HintFeed>();
        return services;
    }

    private static OpenHintLink Transport(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<HintsOptions>();
        var time = provider.GetRequiredService<TimeProvider>();
        var store = provider.GetRequiredService<IOptions<JournalOptions>>();
        return options.Transport == HintTransport.Redis
            ? async (received, cancellation) => await RedisLink.OpenAsync(options.Redis, received, cancellation)
            : async (received, cancellation) => new PostgresLink(await StoreChannels.OpenAsync(store.Value.ConnectionString, received, time, cancellation));
    }
}
