namespace Jobwatch.Cli.Errors;

/// <summary>Those of the commands themselves; <c>run</c> gives its program's. After sysexits.h where it has a word for it.</summary>
internal static class ExitCode
{
    internal const int Ok = 0;
    internal const int Usage = 2;
    internal const int Refused = 65;
    internal const int NotFound = 66;
    internal const int ServerUnavailable = 69;
    internal const int Unexpected = 70;
    internal const int TryLater = 75;
    internal const int NotAllowed = 77;
    internal const int NotExecutable = 126;
    internal const int CommandNotFound = 127;
}
