using Jobwatch.Shared;
using Jobwatch.StreamService.Journal;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Jobwatch.StreamService.Hosting;

/// <summary>Healthy while the store can be used and the node isn't on its way out. Costs nothing to ask.</summary>
internal sealed class StoreHealth(JournalReadiness journal, Departure departure) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult((departure.HasBegun, journal.IsReady) switch
        {
            (true, _) => HealthCheckResult.Unhealthy("The node is stopping."),
            (_, false) => HealthCheckResult.Unhealthy("PostgreSQL can't be reached, or the schema isn't there yet."),
            _ => HealthCheckResult.Healthy(),
        });
}
