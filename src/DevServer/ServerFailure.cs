namespace Jobwatch.DevServer;

/// <summary>What keeps the server from running, worded for the person at the terminal: what is wrong, and the remedy.</summary>
internal sealed class ServerFailure(string message, int exitCode = ServerFailure.General) : Exception(message)
{
    public const int General = 1;

    /// <summary>A wrong option, or one whose port is in use.</summary>
    public const int Usage = 2;

    public int ExitCode { get; } = exitCode;
}
