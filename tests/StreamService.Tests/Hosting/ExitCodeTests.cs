using Jobwatch.StreamService.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Jobwatch.StreamService.Tests.Hosting;

public sealed class ExitCodeTests
{
    [Fact]
    public async Task A_node_that_is_asked_to_stop_ends_with_0()
    {
        await using var node = Build(_ => { });
        node.Lifetime.ApplicationStarted.Register(node.Lifetime.StopApplication);

        Assert.Equal(0, await NodeHost.RunAsync(node, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_node_that_is_asked_to_stop_before_it_has_started_ends_with_0()
    {
        await using var node = Build(_ => { });
        node.Lifetime.StopApplication();

        Assert.Equal(0, await NodeHost.RunAsync(node, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_node_that_stops_because_a_part_of_it_failed_ends_with_1(bool isStarted)
    {
        await using var node = Build(builder => builder.Services.AddHostedService(services =>
            new FailingPart(isStarted ? services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted : new CancellationToken(canceled: true))));

        Assert.Equal(1, await NodeHost.RunAsync(node, TestContext.Current.CancellationToken));
    }

    private static WebApplication Build(Action<WebApplicationBuilder> configure) => NodeHost.Build([], builder =>
    {
        builder.Configuration.AddInMemoryCollection(
            [new("ConnectionStrings:Jobwatch", "Host=/nothing/there"), new("Node:GrpcUrl", "http://127.0.0.1:0")]);
        builder.Logging.ClearProviders();
        configure(builder);
    });

    private sealed class FailingPart(CancellationToken fails) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, fails).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new InvalidOperationException("A part failed.");
        }
    }
}
