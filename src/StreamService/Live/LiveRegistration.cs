using Jobwatch.StreamService.Hints;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Settings;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Jobwatch.StreamService.Live;

internal static class LiveRegistration
{
    /// <summary>Hears of this process's commits and of other nodes' hints, and sweeps for what neither tells. Needs the journal.</summary>
    public static IServiceCollection AddLive(this IServiceCollection services)
    {
        services.AddOptions<LiveOptions>().BindConfiguration(LiveOptions.Section).CheckOnStart(LiveOptions.Section);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<LiveOptions>>().Value);
        services.AddSingleton<Metrics>();
        services.AddHintInterest();
        services.AddSingleton<MissingJobs>();
        services.AddSingleton<NewJobs>();
        services.AddSingleton<SelectionFills>();
        services.AddSingleton<JobSelections>();
        services.AddSingleton(provider => new StoreReads(
            provider.GetRequiredService<JournalReader>().ReadAsync, provider.GetRequiredService<LiveOptions>()));
        services.AddSingleton<ReadPage>(provider => provider.GetRequiredService<StoreReads>().ReadAsync);
        services.AddSingleton<CountFailures>(provider =>
        {
            var database = provider.GetRequiredService<JournalDatabase>();
            return () => database.Failures;
        });
        services.AddSingleton<LiveJobs>();
        services.AddHostedService<HeadSweep>();
        services.AddHostedService<SelectionSweep>();
        return services;
    }
}
