using Jobwatch.Testing;

namespace Jobwatch.Clients.Tests.EndToEnd;

/// <summary>The command line as a user has it: its own process, with a state folder of its own.</summary>
internal sealed class Cli : IDisposable
{
    private readonly Uri _server;

    internal Cli(Uri server) => _server = server;

    internal string Folder { get; } = Directory.CreateTempSubdirectory("cli-").FullName;

    internal string SpoolFolder => Path.Combine(Folder, "jobwatch", "spool");

    internal IReadOnlyList<string> Spools => Directory.Exists(SpoolFolder) ? Directory.GetFiles(SpoolFolder) : [];

    internal ChildProcess Start(params IReadOnlyList<string> arguments) => Start(ChildCommand.Dotnet(RepositoryFiles.CliDll, arguments));

    /// <summary>By bash, where «jobwatch» is this tool.</summary>
    internal ChildProcess StartInShell(string script) => Start(new ChildCommand(
        "bash", "-c", $"jobwatch() {{ dotnet '{RepositoryFiles.CliDll}' \"$@\"; }}\n{script}"));

    internal async Task<Ended> RunAsync(params IReadOnlyList<string> arguments)
    {
        await using var child = Start(arguments);
        return await EndAsync(child);
    }

    internal async Task<Ended> RunInShellAsync(string script)
    {
        await using var child = StartInShell(script);
        return await EndAsync(child);
    }

    internal static async Task<Ended> EndAsync(ChildProcess child)
    {
        child.StandardInput.Close();
        var code = await child.WaitForExitAsync();
        return new Ended(code, child.StandardOutput.All, [.. child.StandardError.All.Where(line => !TellsOfWait(line))]);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    // How long a server takes for a run's last events, and whether the run tells of it, is up to the machine.
    private static bool TellsOfWait(string line) =>
        line.StartsWith("jobwatch: Waiting for ", StringComparison.Ordinal) && line.Contains(" to take the last events; ", StringComparison.Ordinal);

    private ChildProcess Start(ChildCommand command) => ChildProcess.Start(command with
    {
        WorkingDirectory = Folder,
        Environment = new Dictionary<string, string?>
        {
            ["JOBWATCH_SERVER"] = _server.ToString(),
            ["JOBWATCH_TOKEN"] = null,
            ["XDG_STATE_HOME"] = Folder,
            ["NO_COLOR"] = null,
        },
    });

    /// <summary>How a command ended and what it wrote, but for the line that tells of a run's wait for a slow server.</summary>
    internal sealed record Ended(int ExitCode, IReadOnlyList<string> Output, IReadOnlyList<string> Error);
}
