using System.Net;
using Grpc.Core;
using Grpc.Health.V1;
using Jobwatch.Shared;
using Jobwatch.StreamService.Tests.Errors;
using Jobwatch.StreamService.Tests.Recording;
using Jobwatch.Testing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Jobwatch.StreamService.Tests.Hosting;

/// <summary>What a node does between SIGTERM and the first refusal.</summary>
public sealed class DepartureTests
{
    [Fact]
    public async Task It_says_that_it_is_not_ready_and_serves_on_until_the_delay_is_over()
    {
        await using var node = await RunningNode.StartAsync(("Node:PreStopDelay", "00:05:00"));
        var health = new Health.HealthClient(node.Channel);
        var job = Appends.NewJob();
        await node.Append(Appends.To(job, Appends.Started()));
        Assert.Equal(HttpStatusCode.OK, await AnswerAsync(node, "/readyz"));

        var departure = node.App.Services.GetRequiredService<Departure>();
        departure.Begin();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await AnswerAsync(node, "/readyz"));
        Assert.Equal(HttpStatusCode.OK, await AnswerAsync(node, "/livez"));
        var answer = await health.CheckAsync(new HealthCheckRequest(), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, answer.Status);
        await node.Append(Appends.To(job, Appends.Line()));

        // Told again: somebody is in a hurry.
        departure.Begin();
        Assert.Equal((StatusCode.Unavailable, "DRAINING"), Of(await Refusal.OfAsync(node.Append(Appends.To(job, Appends.Line())))));
        Assert.Equal(HttpStatusCode.OK, await AnswerAsync(node, "/livez"));
    }

    [Theory]
    [InlineData("00:00:00", 0)]
    [InlineData("00:00:05", 5)]
    public async Task It_stops_when_the_delay_is_over(string delay, int seconds)
    {
        await using var node = await RunningNode.StartAsync();
        var time = new FakeTimeProvider();
        using var departure = new Departure(node.App.Lifetime, time, TimeSpan.Parse(delay, System.Globalization.CultureInfo.InvariantCulture));
        departure.Begin();

        for (var passed = 0; passed < seconds; passed++)
        {
            Assert.False(node.App.Lifetime.ApplicationStopping.IsCancellationRequested);
            Assert.True(departure.HasBegun);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.True(node.App.Lifetime.ApplicationStopping.IsCancellationRequested);
    }

    [Fact]
    public async Task SIGTERM_begins_it()
    {
        await using var node = new NodeProcess(await PostgresCluster.Shared.CreateDatabaseAsync());
        node.Environment["Node__PreStopDelay"] = "00:05:00";
        await node.StartAsync();
        using var http = new HttpClient { BaseAddress = node.MonitoringAddress };
        node.Signal(UnixSignal.SigTerm);
        await Eventually.TrueAsync(
            async cancel => (await http.GetAsync(new Uri("/readyz", UriKind.Relative), cancel)).StatusCode == HttpStatusCode.ServiceUnavailable,
            TimeSpan.FromSeconds(10), "it is not ready");
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri("/livez", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode);

        node.Signal(UnixSignal.SigTerm);
        Assert.Equal(0, await node.Child.WaitForExitAsync());
    }

    [Fact]
    public async Task A_peer_that_vanished_is_noticed_within_30_s()
    {
        await using var node = await RunningNode.StartAsync();
        var limits = node.App.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;

        Assert.InRange(limits.Http2.KeepAlivePingDelay + limits.Http2.KeepAlivePingTimeout, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(29));
        Assert.Null(limits.MinResponseDataRate);
    }

    private static (StatusCode Code, string? Reason) Of(Refusal refusal) => (refusal.Code, refusal.Reason);

    private static async Task<HttpStatusCode> AnswerAsync(RunningNode node, string path)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(new Uri(node.Addresses[1]), path), TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
