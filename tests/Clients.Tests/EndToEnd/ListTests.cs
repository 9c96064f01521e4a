using Jobwatch.V1;

namespace Jobwatch.Clients.Tests.EndToEnd;

public sealed class ListTests(CliFixture fixture) : IClassFixture<CliFixture>
{
    private readonly Cli _cli = fixture.Cli;
    private readonly string _job = fixture.NewJob();

    [Theory]
    [InlineData("jobs")]
    [InlineData("executions", "JOB")]
    public async Task A_node_that_is_leaving_hands_a_list_on_to_another(params string[] arguments)
    {
        var started = new ExecutionEvent { ExecutionId = "e", ExecutionStarted = new ExecutionStarted() };
        await fixture.Client.AppendAsync(_job, [started], TestContext.Current.CancellationToken);
        await using var leaving = await DrainingNode.StartAsync(fixture.ConnectionString);
        // Which node is asked first is left to chance.
        for (var tries = 0; leaving.Calls == 0 && tries < 30; tries++)
        {
            var listed = await _cli.RunAsync(
                [.. arguments.Select(argument => argument == "JOB" ? _job : argument), "--output", "ndjson", "--server", $"{leaving.Address};{fixture.Node.Address}"]);
            Assert.Empty(listed.Error);
            Assert.Equal(0, listed.ExitCode);
            Assert.Contains(listed.Output, line => line.Contains($"\"{_job}\"", StringComparison.Ordinal));
        }

        Assert.Equal(1, leaving.Calls);
    }
}
