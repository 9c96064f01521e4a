using System.Net;
using System.Net.Sockets;
using Jobwatch.Testing;

namespace Jobwatch.SseEdge.Tests;

public sealed class Settings
{
    [Theory]
    [InlineData("Edge__HttpUrl", "8080", "Edge__HttpUrl=8080: has to be an address such as http://127.0.0.1:8080.")]
    [InlineData("Edge__HttpUrl", "http://example.org:1", "Edge__HttpUrl=http://example.org:1: has to be an address such as http://127.0.0.1:8080.")]
    [InlineData("Edge__NodeAddress", "ftp://x", "Edge__NodeAddress=ftp://x: has to be an address such as http://127.0.0.1:8081, several of one kind with ; between, or one such as dns:///jobwatch-node:8081.")]
    [InlineData("Edge__NodeAddress", "http://a:1;https://b:1", "Edge__NodeAddress=http://a:1;https://b:1: has to be an address such as http://127.0.0.1:8081, several of one kind with ; between, or one such as dns:///jobwatch-node:8081.")]
    [InlineData("Edge__PreStopDelay", "00:06:00", "Edge__PreStopDelay=00:06:00: has to be from 00:00:00 to 00:05:00.")]
    [InlineData("Edge__MaxStreamAge", "00:00:00", "Edge__MaxStreamAge=00:00:00: has to be from 00:00:01 to 30.00:00:00.")]
    [InlineData("Edge__HeartbeatAfter", "01:00:01", "Edge__HeartbeatAfter=01:00:01: has to be from 00:00:01 to 01:00:00.")]
    [InlineData("Edge__CallTimeout", "00:00:00", "Edge__CallTimeout=00:00:00: has to be from 00:00:00.100 to 00:10:00.")]
    [InlineData("Edge__SendBufferBytes", "1", "Edge__SendBufferBytes=1: has to be from 4096 to 16777216.")]
    [InlineData("Edge__StallTimeout", "00:00:00", "Edge__StallTimeout=00:00:00: has to be from 00:00:01 to 1.00:00:00.")]
    [InlineData(
        "Edge__NodeAdress",
        "x",
        "Edge__NodeAdress=x: is no setting; here are HttpUrl, NodeAddress, PreStopDelay, CallTimeout, MaxRequestBodyBytes, SendBufferBytes, ResponseBufferBytes, "
        + "ResumeFor, HeartbeatAfter, StallTimeout, RetryInterval, MaxStreamAge, FarewellTimeout.")]
    [InlineData("Edge__SendBufferBytes", "many", "Failed to convert configuration value 'many' at 'Edge:SendBufferBytes' to type 'System.Int32'.")]
    [InlineData("Edge__ResumeFor", "soon", "Failed to convert configuration value 'soon' at 'Edge:ResumeFor' to type 'System.TimeSpan'.")]
    public async Task A_wrong_setting_is_told_in_one_line_by_name_and_value(string name, string value, string line)
    {
        await using var edge = Launch(name, value);

        Assert.Equal(2, await edge.WaitForExitAsync());
        Assert.Equal(line, edge.Output.Tail.Trim());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("/nothing/there.pfx")]
    [InlineData("/etc/passwd")]
    public async Task Https_without_a_certificate_that_can_be_used_is_told_in_one_line(string? path)
    {
        await using var edge = Launch(("Edge__HttpUrl", "https://127.0.0.1:1"), ("Kestrel__Certificates__Default__Path", path));

        Assert.Equal(2, await edge.WaitForExitAsync());
        var line = Assert.Single(edge.Output.Tail.Trim().Split('\n'));
        Assert.StartsWith(
            "Edge__HttpUrl=https://127.0.0.1:1: https needs a certificate that can be used, in the file Kestrel__Certificates__Default__Path: ",
            line,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_told_in_one_line()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}";
        await using var edge = Launch("Edge__HttpUrl", url);

        Assert.Equal(2, await edge.WaitForExitAsync());
        Assert.Equal($"Edge__HttpUrl={url}: another process listens there already.", edge.Output.Tail.Trim());
    }

    [Fact]
    public async Task A_process_says_when_it_is_ready_and_stops_cleanly_on_SIGTERM()
    {
        await using var edge = Launch("Edge__HttpUrl", "http://127.0.0.1:0");
        var ready = await edge.WaitForLineAsync("The edge is ready at http://127.0.0.1:");

        edge.Signal(UnixSignal.SigTerm);

        Assert.StartsWith("{", ready, StringComparison.Ordinal);
        Assert.Equal(0, await edge.WaitForExitAsync());
        Assert.Empty(edge.StandardError.Tail);
    }

    private static ChildProcess Launch(string name, string value) => Launch((name, value));

    private static ChildProcess Launch(params (string Name, string? Value)[] settings) => ChildProcess.Start(
        ChildCommand.Dotnet(RepositoryFiles.EdgeDll) with { Environment = settings.ToDictionary(one => one.Name, one => one.Value) });
}
