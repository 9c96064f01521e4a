using Jobwatch.StreamService.Settings;
using Marten;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Jobwatch.StreamService.Journal;

/// <summary>Registers the journal.</summary>
internal static class JournalServices
{
    public static IServiceCollection AddJournal(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<JournalOptions>()
            .Bind(configuration.GetSection(JournalOptions.Section))
            .Configure(options => options.ConnectionString = configuration.GetConnectionString("Jobwatch") ?? options.ConnectionString)
            .CheckOnStart(JournalOptions.Section);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => JournalDatabase.CreateSource(provider.GetRequiredService<IOptions<JournalOptions>>().Value.ConnectionString));
        services.AddSingleton<IDocumentStore>(provider => JournalStore.Create(provider.GetRequiredService<Npgsql.NpgsqlDataSource>()));
        services.AddSingleton<JournalDatabase>();
        services.AddSingleton<JournalMetrics>();
        services.AddSingleton<JournalReader>();
        services.AddSingleton<CatalogReader>();
        services.AddSingleton<SelectionReader>();
        services.AddSingleton<CommitFeed>();
        services.AddSingleton<JournalWriter>();
        services.AddSingleton<JobDeletion>();
        services.AddSingleton<HistoryTrimmer>();
        services.AddSingleton<JournalReadiness>();
        services.AddHostedService(provider => provider.GetRequiredService<JournalReadiness>());
        services.AddHostedService(provider => provider.GetRequiredService<JournalWriter>());
        return services;
    }
}
