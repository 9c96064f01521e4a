using System.Net;
using Grpc.Core;
using Jobwatch.StreamService.Tests.Recording;
using Jobwatch.Testing;
using Xunit;

namespace Jobwatch.StreamService.Tests.Hosting;

public sealed class MonitoringTests(RunningNode node) : IClassFixture<RunningNode>, IDisposable
{
    private readonly HttpClient _http = new();

    [Theory]
    [InlineData("/livez", HttpStatusCode.OK)]
    [InlineData("/readyz", HttpStatusCode.OK)]
    [InlineData("/metrics", HttpStatusCode.OK)]
    [InlineData("/", HttpStatusCode.NotFound)]
    [InlineData("/jobwatch.v1.CatalogService/ListJobs", HttpStatusCode.NotFound)]
    public async Task The_monitoring_endpoint_has_these_pages(string path, HttpStatusCode expected)
    {
        using var answer = await _http.GetAsync(new Uri(new Uri(node.Addresses[1]), path), TestContext.Current.CancellationToken);
        Assert.Equal(expected, answer.StatusCode);
    }

    [Theory]
    [InlineData("/livez")]
    [InlineData("/metrics")]
    public async Task The_gRPC_endpoint_shows_none_of_them(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri(node.Addresses[0]), path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Metrics_count_what_is_recorded_and_name_no_job()
    {
        var job = Appends.NewJob();
        await node.Append(Appends.To(job, Appends.Started(), Appends.Line()));
        await Assert.ThrowsAsync<RpcException>(() => node.Append(Appends.To(job, Appends.Line("x", "other"))).ResponseAsync);
        string[] expected =
        [
            "jobwatch_recording_events_total", "outcome=\"execution_not_started\"", "journal_appends", "kestrel_active_connections",
        ];
        var metrics = "";
        // The exporter shows what it collected a moment ago again, for 300 ms.
        await Eventually.TrueAsync(
            async cancellation =>
            {
                metrics = await _http.GetStringAsync(new Uri(new Uri(node.Addresses[1]), "/metrics"), cancellation);
                return expected.All(part => metrics.Contains(part, StringComparison.Ordinal));
            },
            TimeSpan.FromSeconds(30),
            string.Join(", ", expected));

        Assert.DoesNotContain(job, metrics, StringComparison.Ordinal);
    }

    public void Dispose() => _http.Dispose();
}
