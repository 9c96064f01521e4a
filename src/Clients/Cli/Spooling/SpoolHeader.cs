namespace Jobwatch.Cli.Spooling;

/// <summary>What a spool says of itself, at its beginning. The token is not in it, only the file that has it.</summary>
/// <param name="JobId">The job of its events.</param>
/// <param name="ExecutionId">Their execution.</param>
/// <param name="Server">The address that the run used.</param>
/// <param name="TokenFile">Where the run's token was read; null if it was no file.</param>
/// <param name="TokenMark">Tells the run's token from another; null if it had none, and in spools of older versions.</param>
internal sealed record SpoolHeader(string JobId, string ExecutionId, string Server, string? TokenFile, string? TokenMark = null);
