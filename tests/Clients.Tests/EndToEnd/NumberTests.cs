namespace Jobwatch.Clients.Tests.EndToEnd;

public sealed class NumberTests
{
    [Theory]
    [InlineData("jobs --limit x", "--limit is «x»; it takes a whole number from 1 to 2147483647.")]
    [InlineData("jobs --limit 0", "--limit is «0»; it takes a whole number from 1 to 2147483647.")]
    [InlineData("executions j --limit 99999999999", "--limit is «99999999999»; it takes a whole number from 1 to 2147483647.")]
    [InlineData("run --job j --drain-timeout 5s -- true", "--drain-timeout is «5s»; it takes a number from 0 to 1000000 seconds.")]
    [InlineData("run --job j --drain-timeout NaN -- true", "--drain-timeout is «NaN»; it takes a number from 0 to 1000000 seconds.")]
    [InlineData("replay j e --speed fast", "--speed is «fast»; it takes a number from 0 to 1000.")]
    [InlineData("replay j e --max-pause long", "--max-pause is «long»; it takes a number from 0 to 86400 seconds.")]
    [InlineData("watch j --max-updates 1001", "--max-updates is «1001»; it takes a whole number from 1 to 1000.")]
    [InlineData("replay j e --speed -1", "--speed is «-1»; it takes a number from 0 to 1000.")]
    [InlineData("watch j --max-updates 0", "--max-updates is «0»; it takes a whole number from 1 to 1000.")]
    [InlineData("jobs --limit 1 --limit 2", "Option '--limit' expects a single argument but 2 were provided.")]
    public async Task A_number_that_is_none_is_one_line_with_what_it_takes(string arguments, string line)
    {
        using var cli = new Cli(new Uri("http://127.0.0.1:1"));

        var ended = await cli.RunAsync(arguments.Split(' '));

        Assert.Equal(2, ended.ExitCode);
        Assert.Equal($"jobwatch: {line} See `jobwatch {arguments.Split(' ')[0]} --help`.", Assert.Single(ended.Error));
        Assert.Empty(ended.Output);
    }
}
