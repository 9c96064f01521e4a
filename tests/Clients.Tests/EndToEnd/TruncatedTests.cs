using System.Text.RegularExpressions;
using Jobwatch.Testing;
using Jobwatch.V1;

namespace Jobwatch.Clients.Tests.EndToEnd;

/// <summary>History that is truncated: each remedy that is told is one that the command has.</summary>
public sealed class TruncatedTests : CliFixture
{
    [Fact]
    public async Task A_replay_and_a_watch_go_on_as_they_are_told()
    {
        await Node.StopAsync();
        Node.Environment["Retention__Rules__0__MaxEvents"] = "10";
        Node.Environment["Retention__MinAge"] = "00:00:00";
        Node.Environment["Retention__Interval"] = "00:00:01";
        await Node.StartAsync();
        await Cli.RunAsync("run", "--job", "j", "--execution", "e", "--", "seq", "1", "30");
        await Eventually.TrueAsync(
            async cancelled => (await Client.Catalog.GetJobAsync(new GetJobRequest { JobId = "j" }, cancellationToken: cancelled)).Job.FirstPosition == 25,
            TimeSpan.FromSeconds(30), "all but ten events are truncated");

        var replay = await Cli.RunAsync("replay", "j", "e");
        var told = Regex.Match(Assert.Single(replay.Error), "^jobwatch: The events 1 to 24 of the job 'j' are truncated. .*replay it with --from ([A-Za-z0-9_-]+)[.]$");
        Assert.True(told.Success, replay.Error[0]);
        Assert.Equal(65, replay.ExitCode);
        var rest = await Cli.RunAsync("replay", "j", "e", "--from", told.Groups[1].Value, "--output", "ndjson");
        Assert.Equal((0, 10), (rest.ExitCode, rest.Output.Count));

        var refused = await Cli.RunAsync("watch", "j", "--from", "1");
        Assert.Equal(65, refused.ExitCode);
        Assert.Contains(
            $"Go on with --from {told.Groups[1].Value}, start with --from beginning, or ask with --on-truncated continue.",
            Assert.Single(refused.Error), StringComparison.Ordinal);
        var watched = await Cli.RunAsync("watch", "j", "--from", "1", "--on-truncated", "continue", "--until-end", "--output", "ndjson");
        Assert.Equal((0, 10), (watched.ExitCode, watched.Output.Count));
        Assert.Equal("jobwatch: Positions 1 to 24 are gone (truncated).", Assert.Single(watched.Error));
    }

    [Fact]
    public async Task A_replay_refuses_a_start_that_is_no_cursor()
    {
        await Cli.RunAsync("run", "--job", "j", "--execution", "e", "--", "true");
        var replay = await Cli.RunAsync("replay", "j", "e", "--from", "beginning");
        Assert.Equal(2, replay.ExitCode);
        Assert.Contains("--from: ", Assert.Single(replay.Error), StringComparison.Ordinal);
    }
}
