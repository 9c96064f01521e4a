using System.Net;
using Grpc.Core;
using Grpc.Health.V1;
using Jobwatch.StreamService.Tests.Errors;
using Jobwatch.StreamService.Tests.Recording;
using Jobwatch.Testing;
using Jobwatch.V1;
using Xunit;

namespace Jobwatch.StreamService.Tests.Hosting;

public sealed class StoreAwayTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_store_that_is_away_is_told_with_a_retry_hint_and_found_again()
    {
        await using var postgres = new PostgresCluster(fsync: false);
        await using var node = await RunningNode.StartAsync(
            ("ConnectionStrings:Jobwatch", await postgres.CreateDatabaseAsync()), ("Journal:RetryFor", "00:00:00.2"));
        using var http = new HttpClient { BaseAddress = new Uri(node.Addresses[1]) };
        await node.Append(Appends.To("job", Appends.Started()));
        Assert.Equal((true, HttpStatusCode.OK), await ReadyAsync());

        await postgres.KillAsync();
        foreach (var refusal in new[]
        {
            await Refusal.OfAsync(node.Append(Appends.To("job", Appends.Line()))),
            await Refusal.OfAsync(node.GetJob(new GetJobRequest { JobId = "job" })),
            await Refusal.OfAsync(node.ListEvents(new ListEventsRequest { JobId = "job" })),
        })
        {
            Assert.Equal((StatusCode.Unavailable, "STORE_UNAVAILABLE"), (refusal.Code, refusal.Reason));
            Assert.Equal(TimeSpan.FromSeconds(1), refusal.RetryAfter);
            Assert.Contains("again later", refusal.Message, StringComparison.Ordinal);
        }

        await Eventually.TrueAsync(async _ => await ReadyAsync() == (false, HttpStatusCode.ServiceUnavailable), Soon, "not ready");
        await postgres.StartAsync();
        await Eventually.TrueAsync(async _ => await ReadyAsync() == (true, HttpStatusCode.OK), Soon, "ready again");
        await node.Append(Appends.To("job", Appends.Succeeded()));

        async Task<(bool Serving, HttpStatusCode Readyz)> ReadyAsync()
        {
            var health = await new Health.HealthClient(node.Channel).CheckAsync(
                new HealthCheckRequest { Service = "jobwatch.v1.WatchService" }, cancellationToken: TestContext.Current.CancellationToken);
            using var readyz = await http.GetAsync(new Uri("/readyz", UriKind.Relative), TestContext.Current.CancellationToken);
            using var livez = await http.GetAsync(new Uri("/livez", UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, livez.StatusCode);
            return (health.Status == HealthCheckResponse.Types.ServingStatus.Serving, readyz.StatusCode);
        }
    }
}
