using Jobwatch.StreamService.Journal;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Jobwatch.StreamService.Hosting;

/// <summary>Writes one line once the node listens and the store can be used.</summary>
internal sealed class ReadyAnnouncement(
    JournalReadiness journal, IServer server, IHostApplicationLifetime lifetime, ILogger<ReadyAnnouncement> logger) : IHostedService
{
    private int _isToldStoreReady;
    private int _conditions;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(Meet);
        journal.Changed += OnStoreReady;
        OnStoreReady(journal.IsReady);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void OnStoreReady(bool isReady)
    {
        if (isReady && Interlocked.Exchange(ref _isToldStoreReady, 1) == 0)
        {
            Meet();
        }
    }

    private void Meet()
    {
        if (Interlocked.Increment(ref _conditions) == 2)
        {
            var addresses = string.Join(", ", server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []);
            Log.Ready(logger, addresses);
        }
    }
}
