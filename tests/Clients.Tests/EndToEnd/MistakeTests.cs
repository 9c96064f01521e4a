namespace Jobwatch.Clients.Tests.EndToEnd;

public sealed class MistakeTests
{
    private const string Commands = "run, flush, watch, replay, jobs, executions, delete";

    [Theory]
    [InlineData("watch build --on-truncatd continue", "There is no option --on-truncatd. See `jobwatch watch --help`.")]
    [InlineData("watch build -x", "There is no option -x. See `jobwatch watch --help`.")]
    [InlineData("replay j e --sped 2", "There is no option --sped. See `jobwatch replay --help`.")]
    [InlineData("jobs --bogus", "There is no option --bogus. See `jobwatch jobs --help`.")]
    [InlineData("delete --ye j", "There is no option --ye. See `jobwatch delete --help`.")]
    [InlineData("run --job j --lable a=b -- true", "There is no option --lable. See `jobwatch run --help`.")]
    [InlineData("--bogus", "There is no option --bogus. See `jobwatch --help`.")]
    [InlineData("bogus", $"There is no command «bogus»; there are {Commands}. See `jobwatch --help`.")]
    [InlineData("", $"A command is missing: {Commands}. See `jobwatch --help`.")]
    [InlineData("jobs --output xml", "--output is «xml»; it takes text or ndjson. See `jobwatch jobs --help`.")]
    [InlineData("watch j --on-truncated stop", "--on-truncated is «stop»; it takes fail or continue. See `jobwatch watch --help`.")]
    [InlineData("run --job j", "Required argument 'COMMAND' missing for command: 'run'. See `jobwatch run --help`.")]
    public async Task A_mistake_is_named_with_where_to_read_what_is_right(string arguments, string line)
    {
        using var cli = new Cli(new Uri("http://127.0.0.1:1"));

        var ended = await cli.RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal((2, $"jobwatch: {line}"), (ended.ExitCode, Assert.Single(ended.Error)));
        Assert.Empty(ended.Output);
    }

    [Theory]
    [InlineData("run --job j --drain-timeout 0 -- echo --bogus", "--bogus")]
    [InlineData("run --job j --drain-timeout 0 -- echo -- -x", "-- -x")]
    [InlineData("run --job j --drain-timeout 0 echo -x --bogus", "-x --bogus")]
    public async Task What_a_program_is_given_is_no_mistake(string arguments, string output)
    {
        using var cli = new Cli(new Uri("http://127.0.0.1:1"));

        var ended = await cli.RunAsync(arguments.Split(' '));

        Assert.Equal((0, output), (ended.ExitCode, Assert.Single(ended.Output)));
    }

    [Theory]
    [InlineData("watch", "1 to 1000")]
    [InlineData("watch", "--on-truncated <WHAT>")]
    [InlineData("replay", "up to 1000")]
    [InlineData("replay", "--from <CURSOR>")]
    public async Task Help_tells_what_an_option_takes(string command, string text)
    {
        using var cli = new Cli(new Uri("http://127.0.0.1:1"));

        var ended = await cli.RunAsync(command, "--help");

        Assert.Contains(text, string.Join(' ', ended.Output.Select(line => line.Trim())), StringComparison.Ordinal);
    }
}
