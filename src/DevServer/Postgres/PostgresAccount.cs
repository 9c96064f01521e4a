using System.Diagnostics;
using System.Globalization;
using Jobwatch.DevServer.Processes;

namespace Jobwatch.DevServer.Postgres;

/// <summary>Who runs PostgreSQL, which refuses root: as root the user <c>postgres</c>, else <c>nobody</c>; otherwise oneself.</summary>
internal sealed record PostgresAccount(string? UserName, uint UserId, uint GroupId)
{
    // Prints the first of the folders, outermost first, that can't be entered.
    private const string Probe = """for folder do cd "$folder" 2>/dev/null || { echo "$folder"; exit 1; }; done""";

    public static PostgresAccount Find() =>
        !Environment.IsPrivilegedProcess ? new(null, 0, 0)
        : Named("postgres") ?? Named("nobody")
            ?? throw new ServerFailure(
                "PostgreSQL refuses to run as root, and there is no user postgres or nobody. Make one, or run as a normal user.");

    public void Own(string path)
    {
        if (UserName is not null)
            Posix.ChangeOwner(path, UserId, GroupId);
    }

    /// <exception cref="ServerFailure">A folder on the way shuts this user out.</exception>
    public void RequireWayTo(string folder)
    {
        if (BlockOnWayTo(folder) is { } blocked)
        {
            throw new ServerFailure(
                $"PostgreSQL runs as user {UserName} (it refuses root), who may not enter {blocked}. "
                + $"Allow it (chmod o+x {blocked}), choose another folder with --data, or run as a normal user.");
        }
    }

    /// <summary>The outermost folder on the way that shuts this user out; null when none does.</summary>
    public string? BlockOnWayTo(string folder)
    {
        if (UserName is null)
            return null;
        List<string> way = [];
        for (var part = new DirectoryInfo(folder); part is not null; part = part.Parent)
            way.Insert(0, part.FullName);
        using var probe = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Probe, "sh", .. way])
        {
            UserName = UserName,
            WorkingDirectory = "/",
            RedirectStandardOutput = true,
        })!;
        string blocked = probe.StandardOutput.ReadToEnd().Trim();
        probe.WaitForExit();
        return blocked.Length > 0 ? blocked : null;
    }

    private static PostgresAccount? Named(string name) =>
        File.ReadLines("/etc/passwd")
            .Select(line => line.Split(':'))
            .Where(fields => fields[0] == name)
            .Select(fields => new PostgresAccount(
                name, uint.Parse(fields[2], CultureInfo.InvariantCulture), uint.Parse(fields[3], CultureInfo.InvariantCulture)))
            .FirstOrDefault();
}
