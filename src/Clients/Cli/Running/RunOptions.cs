using Jobwatch.Cli.Servers;

namespace Jobwatch.Cli.Running;

/// <summary>What to run and how to record it.</summary>
internal sealed record RunOptions(
    ServerAddress Server,
    string JobId,
    string ExecutionId,
    IReadOnlyDictionary<string, string> Labels,
    string Worker,
    string SpoolFolder,
    TimeSpan DrainTimeout,
    IReadOnlyList<string> CommandLine);
