namespace Jobwatch.Cli.Errors;

/// <summary>An end that the user is told in one line.</summary>
internal sealed class CliException(int exitCode, string message) : Exception(message)
{
    internal int ExitCode { get; } = exitCode;
}
