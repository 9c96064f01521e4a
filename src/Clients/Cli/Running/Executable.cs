using Jobwatch.Cli.Errors;

namespace Jobwatch.Cli.Running;

/// <summary>Finds a program as a shell does. (Process.Start would look into this tool's own folder first.)</summary>
internal static class Executable
{
    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    internal static string Resolve(string name, string? searchPath)
    {
        if (name.Contains('/', StringComparison.Ordinal))
        {
            var path = Path.GetFullPath(name);
            if (!Path.Exists(path))
                throw new CliException(ExitCode.CommandNotFound, $"{name}: there is no such program.");
            return IsExecutable(path) ? path : throw NotExecutable(name);
        }

        string? unfit = null;
        foreach (var folder in (searchPath ?? "/usr/local/bin:/usr/bin:/bin").Split(':'))
        {
            var path = Path.GetFullPath(Path.Combine(folder, name));
            if (!File.Exists(path))
                continue;
            if (IsExecutable(path))
                return path;
            unfit ??= path;
        }

        throw unfit is not null
            ? NotExecutable(unfit)
            : new CliException(ExitCode.CommandNotFound, $"{name}: there is no such program on the PATH.");
    }

    internal static CliException NotExecutable(string name) =>
        new(ExitCode.NotExecutable, $"{name} is there but can't be executed. Is it a program, with its execute permission set?");

    private static bool IsExecutable(string path) => File.Exists(path) && (File.GetUnixFileMode(path) & AnyExecute) != 0;
}
