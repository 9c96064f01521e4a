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
    public async Task A_node_that_was_asked_to_stop_ends_with_0()
    {
        await using var node = Build(_ => { });
        await node.StartAsync(TestContext.Current.CancellationToken);
        await node.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, NodeHost.ExitCode(node));
    }

    [Fact]
    public async Task A_node_that_stops_because_a_part_of_it_failed_ends_with_1()
    {
        await using var node = Build(builder => builder.Services.AddHostedService<FailingPart>());
        await node.StartAsync(TestContext.Current.CancellationToken);
        await node.WaitForShutdownAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, NodeHost.ExitCode(node));
    }

    private static WebApplication Build(Action<WebApplicationBuilder> configure) => NodeHost.Build([], builder =>
    {
        builder.Configuration.AddInMemoryCollection(
            [new("ConnectionStrings:Jobwatch", "Host=/nothing/there"), new("Node:GrpcUrl", "http://127.0.0.1:0")]);
        builder.Logging.ClearProviders();
        configure(builder);
    });

    private sealed class FailingPart : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Task.Yield();
            throw new InvalidOperationException("A part failed.");
        }
    }
}
