using System.Diagnostics.Metrics;
using Jobwatch.StreamService.Journal;
using Jobwatch.Testing;
using Marten;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Xunit;

namespace Jobwatch.StreamService.Tests.Journal;

/// <summary>A journal over a real database, its own or one shared with another journal, as two nodes share one.</summary>
internal sealed class JournalUnderTest : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private JournalUnderTest(ServiceProvider services, string connectionString)
    {
        _services = services;
        ConnectionString = connectionString;
    }

    public string ConnectionString { get; }

    public JournalWriter Writer => _services.GetRequiredService<JournalWriter>();

    public JournalReader Reader => _services.GetRequiredService<JournalReader>();

    public CatalogReader Catalog => _services.GetRequiredService<CatalogReader>();

    public CommitFeed Feed => _services.GetRequiredService<CommitFeed>();

    public IDocumentStore Marten => _services.GetRequiredService<IDocumentStore>();

    public NpgsqlDataSource Source => _services.GetRequiredService<NpgsqlDataSource>();

    /// <summary>Calls back for each commit of this journal that fails and is tried again.</summary>
    public MeterListener CountFailures(Action failed)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, measurements) =>
            {
                if (instrument.Name == "journal_commit_failures" && instrument.Meter.Scope == _services.GetRequiredService<IMeterFactory>())
                {
                    measurements.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => failed());
        listener.Start();
        return listener;
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public static async Task<JournalUnderTest> StartAsync(string? connectionString = null, TimeProvider? time = null)
    {
        connectionString ??= await PostgresCluster.Shared.CreateDatabaseAsync();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMetrics();
        services.AddSingleton(time ?? TimeProvider.System);
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:Jobwatch", connectionString)]).Build();
        services.AddSingleton<IConfiguration>(settings);
        services.AddJournal(settings);
        var journal = new JournalUnderTest(services.BuildServiceProvider(), connectionString);
        var readiness = journal._services.GetRequiredService<JournalReadiness>();
        var ready = new TaskCompletionSource();
        readiness.Changed += isReady => _ = isReady && ready.TrySetResult();
        foreach (var hosted in journal._services.GetServices<IHostedService>())
        {
            await hosted.StartAsync(TestContext.Current.CancellationToken);
        }

        await (readiness.IsReady ? Task.CompletedTask : ready.Task).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        return journal;
    }

    /// <summary>Takes history up to a position away from all logs, as retention does.</summary>
    public async Task TruncateAsync(long floor)
    {
        await using var truncate = Source.CreateBatch();
        truncate.BatchCommands.Add(new NpgsqlBatchCommand($"DELETE FROM jobwatch.mt_events WHERE version <= {floor}"));
        truncate.BatchCommands.Add(new NpgsqlBatchCommand($"UPDATE jobwatch.job SET floor = {floor}"));
        await truncate.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var hosted in _services.GetServices<IHostedService>().Reverse())
        {
            await hosted.StopAsync(CancellationToken.None);
        }

        await _services.DisposeAsync();
    }
}
