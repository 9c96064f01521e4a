using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client;
using Jobwatch.StreamService.Tests.Recording;
using Jobwatch.Testing;
using Jobwatch.V1;
using Xunit;

namespace Jobwatch.StreamService.Tests.Hosting;

/// <summary>The node as a process: what its starter sees of it.</summary>
public sealed class NodeStartTests
{
    [Theory]
    [InlineData("Node__GrpcUrl")]
    [InlineData("Node__MonitoringUrl")]
    public async Task A_port_in_use_is_one_line_that_names_setting_and_address(string setting)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var url = $"http://{other.LocalEndpoint}";
        var line = await FailToStartAsync((setting, url));

        Assert.Contains($"environment: {setting}", line, StringComparison.Ordinal);
        Assert.Contains($"{url}, is in use", line, StringComparison.Ordinal);
        Assert.Contains("choose another port", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Node__GrpcUrl", "https://127.0.0.1:1", "Node:GrpcUrl is 'https://127.0.0.1:1'; it has to be http://HOST:PORT")]
    [InlineData("Node__GrpcUrl", "example.com", "Node:GrpcUrl is 'example.com'")]
    [InlineData("Node__MonitoringUrl", "http://example.com:80", "Node:MonitoringUrl is 'http://example.com:80'; it has to be empty or http://HOST:PORT")]
    [InlineData("Node__ShutdownTimeout", "01:00:00", "Node:ShutdownTimeout (environment: Node__ShutdownTimeout) is '01:00:00'; it has to be from 00:00:00 to 00:10:00.")]
    [InlineData("Node__PreStopDelay", "00:06:00", "Node:PreStopDelay (environment: Node__PreStopDelay) is '00:06:00'; it has to be from 00:00:00 to 00:05:00.")]
    [InlineData("Journal__CommitLanes", "99", "Journal:CommitLanes (environment: Journal__CommitLanes) is '99'; it has to be from 1 to 32.")]
    [InlineData("Journal__WaitingBytes", "1", "Journal:WaitingBytes (environment: Journal__WaitingBytes) is '1'; it has to be from 8388608 to 17179869184.")]
    [InlineData("Journal__CommitLanes", "many", "'many' at 'Journal:CommitLanes'")]
    [InlineData("Journal__RetryFor", "long", "'long' at 'Journal:RetryFor'")]
    [InlineData("Live__RingEvents", "0", "Live:RingEvents (environment: Live__RingEvents) is '0'; it has to be from 1 to 1048576.")]
    [InlineData("Watching__DrainTimeout", "00:06:00", "Watching:DrainTimeout (environment: Watching__DrainTimeout) is '00:06:00'; it has to be from 00:00:00 to 00:05:00.")]
    [InlineData("Tenancy__AnonymousTenant", "a b", "Tenancy:AnonymousTenant: 'a b' has ' ' at index 1")]
    [InlineData("Tenancy__TokensFile", "/nothing/there", "Tenancy:TokensFile is '/nothing/there'")]
    [InlineData("ConnectionStrings__Jobwatch", "", "ConnectionStrings:Jobwatch (environment: ConnectionStrings__Jobwatch) is missing")]
    [InlineData("ConnectionStrings__Jobwatch", "secret", "ConnectionStrings:Jobwatch (environment: ConnectionStrings__Jobwatch) is missing or no connection string: set it to")]
    [InlineData("ConnectionStrings__Jobwatch", "Host=h;Hots=secret", "or no connection string")]
    [InlineData("Node__GrpcUlr", "x", "Node:GrpcUlr (environment: Node__GrpcUlr) is no setting; here are GrpcUrl, MonitoringUrl, PreStopDelay, ShutdownTimeout.")]
    [InlineData("Watching__MaxWatchs", "3", "Watching:MaxWatchs (environment: Watching__MaxWatchs) is no setting; here are ")]
    [InlineData("Tenancy__TokenFile", "secret", "Tenancy:TokenFile (environment: Tenancy__TokenFile) is no setting; here are TokensFile, AnonymousTenant.")]
    [InlineData("Journal__Lanes", "3", "Journal:Lanes (environment: Journal__Lanes) is no setting; here are ")]
    [InlineData("Live__Ring", "3", "Live:Ring (environment: Live__Ring) is no setting; here are ")]
    [InlineData("Hints__Transports", "None", "Hints:Transports (environment: Hints__Transports) is no setting; here are ")]
    [InlineData(
        "Retention__Rules__0__MaxAges",
        "1.00:00:00",
        "Retention:Rules:0:MaxAges (environment: Retention__Rules__0__MaxAges) is no setting; here are Tenant, Job, MaxAge, MaxEvents, ExecutionMaxAge.")]
    [InlineData(
        "Retention__Rules__0__MaxAge",
        "90 days",
        "Retention:Rules:0:MaxAge (environment: Retention__Rules__0__MaxAge) is '90 days'; it has to be a time such as 90.00:00:00, 90 days.")]
    [InlineData(
        "Retention__Rules__0__MaxEvents",
        "100000o",
        "Retention:Rules:0:MaxEvents (environment: Retention__Rules__0__MaxEvents) is '100000o'; it has to be a whole number.")]
    [InlineData("Retention__Rules", "all", "Retention:Rules (environment: Retention__Rules) is 'all', where a list has numbers and names, such as Rules:0:Tenant; here are Tenant, Job, ")]
    [InlineData("Retention__Rules__0", "all", "Retention:Rules:0 (environment: Retention__Rules__0) is 'all', where a list has numbers and names, such as Rules:0:Tenant; here are ")]
    public async Task A_setting_that_can_not_be_used_is_named_with_its_value(string setting, string value, string message) =>
        Assert.Contains(message, await FailToStartAsync((setting, value)), StringComparison.Ordinal);

    [Fact]
    public async Task A_bad_line_of_the_tokens_file_is_named()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "acme t\nbroken\n", TestContext.Current.CancellationToken);
            Assert.Contains($"{file}, line 2 has 1 words", await FailToStartAsync(("Tenancy__TokensFile", file)), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Says_when_it_is_ready_and_ends_cleanly_with_a_stream_open()
    {
        await using var node = new NodeProcess(await PostgresCluster.Shared.CreateDatabaseAsync());
        await node.StartAsync();
        var ready = JsonDocument.Parse(await node.Child.WaitForLineAsync("The node is ready")).RootElement;
        Assert.Equal("Information", ready.GetProperty("LogLevel").GetString());
        Assert.Contains(node.Address.Authority, ready.GetProperty("Message").GetString(), StringComparison.Ordinal);
        Assert.Contains(node.MonitoringAddress.Authority, ready.GetProperty("Message").GetString(), StringComparison.Ordinal);

        using var channel = GrpcChannel.ForAddress(node.Address);
        await new RecordService.RecordServiceClient(channel).AppendEventsAsync(
            Appends.To("job", Appends.Started()), cancellationToken: TestContext.Current.CancellationToken);
        using var watch = new WatchService.WatchServiceClient(channel).WatchJob(
            new WatchJobRequest { JobId = "job" }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken));

        var stopped = node.StopAsync();
        var end = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
            {
                Assert.NotEmpty(watch.ResponseStream.Current.Cursor);
            }
        });
        Assert.Equal(StatusCode.Unavailable, end.StatusCode);
        Assert.Equal(0, await stopped);
        Assert.Empty(node.Child.StandardError.All);
        Assert.All(node.Child.StandardOutput.All, line => JsonDocument.Parse(line));
    }

    // Its stderr, which is one line; nothing of it is on stdout.
    private static async Task<string> FailToStartAsync(params (string Name, string Value)[] settings)
    {
        await using var node = new NodeProcess("Host=/nothing/there");
        foreach (var (name, value) in settings)
        {
            node.Environment[name] = value;
        }

        node.Launch();
        Assert.Equal(2, await node.Child.WaitForExitAsync());
        Assert.DoesNotContain("secret", string.Concat(node.Child.StandardError.All), StringComparison.Ordinal);
        Assert.DoesNotContain(node.Child.StandardOutput.All, line =>
            line.Contains("\"Error\"", StringComparison.Ordinal) || line.Contains("\"Critical\"", StringComparison.Ordinal));
        return Assert.Single(node.Child.StandardError.All);
    }
}
