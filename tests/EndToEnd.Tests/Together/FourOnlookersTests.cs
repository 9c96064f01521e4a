using System.Text.Json;
using Jobwatch.EndToEnd.Tests.Deployments;
using Jobwatch.Testing;
using Jobwatch.V1;
using Xunit;

namespace Jobwatch.EndToEnd.Tests.Together;

public sealed class FourOnlookersTests(ITestOutputHelper output) : IDisposable
{
    private const string Job = "build";

    // Real output: of a program, and this repository's own sources with all that is in them.
    private const string Script = """
        read go < "$0"
        dotnet --info
        cat "$1"/protos/jobwatch/v1/*.proto "$1"/tests/Testing/Producing/*.cs
        echo 'and to the other stream' >&2
        dotnet --list-sdks
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("jobwatch-together-").FullName;

    [Fact]
    public async Task The_command_line_curl_a_browser_and_a_foreign_grpc_client_see_the_same_live_and_again()
    {
        await using var deployment = await Deployment.StartAsync();
        var onlookers = Onlooker.All(deployment, Job);
        string gate = Path.Combine(_folder, "gate");
        await using var makeGate = ChildProcess.Start(new ChildCommand("mkfifo", gate));
        Assert.Equal(0, await makeGate.WaitForExitAsync());
        await using var run = ChildProcess.Start(Onlooker.CommandLine(
            deployment, "run", "--job", Job, "--spool", _folder, "--", "/bin/sh", "-c", Script, gate, RepositoryFiles.Root));
        var watching = onlookers.Select(onlooker => ChildProcess.Start(onlooker.Command)).ToList();
        try
        {
            // All of them are there before the program says its first word.
            await Task.WhenAll(onlookers.Zip(watching, (onlooker, child) =>
                child.WaitUntilAsync(_ => Task.FromResult(Seen(onlooker, child).Count > 0), "the start seen")));
            await File.WriteAllTextAsync(gate, "go\n", TestContext.Current.CancellationToken);
            Assert.Equal(0, await run.WaitForExitAsync());
            await Task.WhenAll(watching.Select(child => child.WaitForExitAsync()));
            Assert.All(watching, child => Assert.True(child.ExitCode == 0, child.Describe("ended badly")));
        }
        finally
        {
            foreach (var child in watching)
                await child.DisposeAsync();
        }

        var live = onlookers.Zip(watching, Seen).ToList();
        var job = await deployment.Local.Catalog.GetJobAsync(
            new GetJobRequest { JobId = Job }, cancellationToken: TestContext.Current.CancellationToken);
        var all = Enumerable.Range(1, (int)job.Job.LastPosition).ToList();
        Assert.True(all.Count > 500, $"The program wrote only {all.Count} lines");
        Assert.All(live, seen => Assert.Equal(all, seen.Select(PositionOf)));
        // The command line, curl and the browser show the same text; the gRPC client has the bytes.
        Assert.Equal(live[0], live[1]);
        Assert.Equal(live[0], live[2]);
        Assert.Equal(run.StandardOutput.All, TextsOf(live[0], "stdout"));
        output.WriteLine($"{all.Count} events, seen alike by {onlookers.Count}, live and again");
        Assert.Equal(["and to the other stream"], TextsOf(live[0], "stderr"));
        for (int i = 0; i < onlookers.Count; i++)
            Assert.Equal(live[i], await ReplayAsync(onlookers[i]));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<IReadOnlyList<string>> ReplayAsync(Onlooker onlooker)
    {
        await using var child = ChildProcess.Start(onlooker.Command);
        Assert.True(await child.WaitForExitAsync() == 0, child.Describe("ended badly"));
        return Seen(onlooker, child);
    }

    private static IReadOnlyList<string> Seen(Onlooker onlooker, ChildProcess child) => [.. onlooker.EventsOf(child.StandardOutput.All)];

    private static int PositionOf(string line) => JsonElement.Parse(line).GetProperty("position").GetInt32();

    private static IEnumerable<string?> TextsOf(IEnumerable<string> events, string stream) =>
        from line in events
        let item = JsonElement.Parse(line)
        where item.TryGetProperty("logWritten", out _)
        let log = item.GetProperty("logWritten")
        where log.GetProperty("stream").GetString() == stream
        select log.GetProperty("text").GetString();
}
