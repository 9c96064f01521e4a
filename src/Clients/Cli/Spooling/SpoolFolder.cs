namespace Jobwatch.Cli.Spooling;

internal static class SpoolFolder
{
    /// <summary>The option's folder, else <c>jobwatch/spool</c> in XDG_STATE_HOME or <c>~/.local/state</c>.</summary>
    internal static string Choose(string? option)
    {
        if (!string.IsNullOrEmpty(option))
            return Path.GetFullPath(option);
        var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        // The standard says to ignore a relative one.
        if (string.IsNullOrEmpty(state) || !Path.IsPathRooted(state))
            state = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
        return Path.Combine(state, "jobwatch", "spool");
    }

    internal static IReadOnlyList<string> List(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder, "*" + Spool.Extension).Order(StringComparer.Ordinal)]
        : [];
}
