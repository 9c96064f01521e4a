using System.Text.Json;
using Jobwatch.EndToEnd.Tests.Browsers;
using Jobwatch.EndToEnd.Tests.Deployments;
using Jobwatch.Testing;

namespace Jobwatch.EndToEnd.Tests.Together;

/// <summary>A program that watches a job from its first event until no execution is open.</summary>
/// <param name="Command">How it is started.</param>
/// <param name="EventsOf">What it prints of events, one line for each, among whatever else it prints.</param>
internal sealed record Onlooker(ChildCommand Command, Func<IEnumerable<string>, IEnumerable<string>> EventsOf)
{
    /// <summary>The command line, curl, a browser, and a gRPC client that isn't .NET.</summary>
    public static IReadOnlyList<Onlooker> All(Deployment deployment, string jobId)
    {
        string path = $"/v1/jobs/{jobId}:watch?start.beginning=true&allow_missing=true&until_execution_ends=true";
        return
        [
            new(
                CommandLine(deployment, "watch", jobId, "--from", "beginning", "--allow-missing", "--until-end", "--output", "ndjson"),
                lines => lines),
            new(new ChildCommand("curl", "-sSN", "-H", "Accept: text/event-stream", $"{deployment.Edge.Address}{path[1..]}"), UpdatesOf),
            new(NodeScript.BrowserEvents(deployment.Edge.Address, path), ReportedBy),
            new(NodeScript.GrpcWatch(deployment.Node.Address, jobId), lines => lines),
        ];
    }

    public static ChildCommand CommandLine(Deployment deployment, params IReadOnlyList<string> arguments) =>
        ChildCommand.Dotnet(RepositoryFiles.CliDll, [arguments[0], "--server", deployment.Node.Address.ToString(), .. arguments.Skip(1)]);

    private static IEnumerable<string> UpdatesOf(IEnumerable<string> lines)
    {
        bool isUpdate = false;
        foreach (string line in lines)
        {
            if (isUpdate && line.StartsWith("data: ", StringComparison.Ordinal))
                yield return line["data: ".Length..];
            isUpdate = line == "event: execution_update" || (isUpdate && line.Length > 0);
        }
    }

    private static IEnumerable<string> ReportedBy(IEnumerable<string> lines) => lines
        .Select(line => JsonSerializer.Deserialize<BrowserReport>(line, JsonSerializerOptions.Web)!)
        .Where(report => report.Name == "execution_update").Select(report => report.Data!);
}
