namespace Jobwatch.Clients.Tests.EndToEnd;

/// <summary>The address is that of a server which speaks HTTP/1.1, as an edge does.</summary>
public sealed class WrongPortTests(CliFixture fixture) : IClassFixture<CliFixture>
{
    private const string Told = "speaks HTTP/1.1, not gRPC";

    [Theory]
    [InlineData("jobs", true)]
    [InlineData("jobs", false)]
    [InlineData("executions j", true)]
    [InlineData("watch j", true)]
    [InlineData("watch j", false)]
    [InlineData("watch --all", true)]
    [InlineData("replay j e", true)]
    [InlineData("delete j --yes", true)]
    public async Task A_port_of_http_is_told_at_once(string arguments, bool isKestrel)
    {
        await using var server = await HttpServer.StartAsync(isKestrel);
        using var cli = new Cli(server.Address);

        var ended = await cli.RunAsync(arguments.Split(' '));

        Assert.True(ended.ExitCode == 2, string.Join('\n', ended.Error));
        Assert.Equal(
            $"jobwatch: What answers at {server.Address} (from JOBWATCH_SERVER) {Told}: that is an edge's port, or another server's. "
            + "Name the node's gRPC port with --server or JOBWATCH_SERVER: 8081 of a local server.",
            Assert.Single(ended.Error));
    }

    [Fact]
    public async Task A_run_keeps_its_events_for_a_flush_to_the_right_port()
    {
        var job = fixture.NewJob();
        await using var server = await HttpServer.StartAsync(isKestrel: true);
        using var cli = new Cli(server.Address);

        var run = await cli.RunAsync("run", "--job", job, "--", "sh", "-c", "echo one; exit 3");

        Assert.Equal((3, "one"), (run.ExitCode, Assert.Single(run.Output)));
        Assert.Contains("`jobwatch flush --server URL`", Assert.Single(run.Error, line => line.Contains(Told, StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Single(cli.Spools);
        Assert.Equal(2, (await cli.RunAsync("flush")).ExitCode);
        Assert.Single(cli.Spools);

        Assert.Equal(0, (await cli.RunAsync("flush", "--server", fixture.Node.Address.ToString())).ExitCode);
        Assert.Empty(cli.Spools);
        Assert.Equal(["one"], await fixture.LinesAsync(job));
        Assert.Equal("EXIT_3", (await fixture.EventsAsync(job))[^1].ExecutionFailed.Error.Code);
    }

    [Fact]
    public async Task One_wrong_address_of_two_hinders_nothing()
    {
        var job = fixture.NewJob();
        await using var server = await HttpServer.StartAsync(isKestrel: true);
        using var cli = new Cli(server.Address);
        var both = $"{server.Address};{fixture.Node.Address}";
        for (var turn = 1; turn <= 3; turn++)
        {
            Assert.Equal((0, ""), Ended(await cli.RunAsync("run", "--server", both, "--job", job, "--", "echo", $"{turn}")));
            Assert.Equal((0, ""), Ended(await cli.RunAsync("jobs", "--server", both)));
            Assert.Equal((0, ""), Ended(await cli.RunAsync("watch", job, "--server", both, "--from", "beginning", "--until-end")));
        }

        Assert.Empty(cli.Spools);
        Assert.Equal(["1", "2", "3"], await fixture.LinesAsync(job));
    }

    private static (int ExitCode, string Error) Ended(Cli.Ended ended) => (ended.ExitCode, string.Join('\n', ended.Error));
}
