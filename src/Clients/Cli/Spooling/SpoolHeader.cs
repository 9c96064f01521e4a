namespace Jobwatch.Cli.Spooling;

/// <summary>What a spool says of itself, at its beginning. The token is not in it, only the file that has it.</summary>
internal sealed record SpoolHeader(string JobId, string ExecutionId, string Server, string? TokenFile);
