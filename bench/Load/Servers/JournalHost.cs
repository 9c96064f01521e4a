using Jobwatch.StreamService.Journal;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Jobwatch.Bench.Servers;

/// <summary>A journal in this process, to measure it without the wire.</summary>
internal sealed class JournalHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private JournalHost(ServiceProvider services) => _services = services;

    public JournalWriter Writer => _services.GetRequiredService<JournalWriter>();

    public JournalReader Reader => _services.GetRequiredService<JournalReader>();

    public static async Task<JournalHost> StartAsync(string connectionString)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddConsole().SetMinimumLevel(LogLevel.Warning));
        services.AddMetrics();
        services.AddJournal(new ConfigurationBuilder()
            .AddInMemoryCollection([new("ConnectionStrings:Jobwatch", connectionString)]).AddEnvironmentVariables().Build());
        var host = new JournalHost(services.BuildServiceProvider());
        var readiness = host._services.GetRequiredService<JournalReadiness>();
        var ready = new TaskCompletionSource();
        readiness.Changed += isReady => _ = isReady && ready.TrySetResult();
        foreach (var hosted in host._services.GetServices<IHostedService>())
        {
            await hosted.StartAsync(CancellationToken.None);
        }

        await (readiness.IsReady ? Task.CompletedTask : ready.Task).WaitAsync(TimeSpan.FromSeconds(60));
        return host;
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
