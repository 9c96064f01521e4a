using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Jobwatch.DevServer.Postgres;

/// <summary>What the machine has: Debian's folders, then PATH; 15 or later.</summary>
internal static partial class MachinePostgres
{
    public const int OldestMajor = 15;

    private const string DebianFolder = "/usr/lib/postgresql";

    /// <summary>Newest first.</summary>
    public static IReadOnlyList<PostgresInstallation> Find()
    {
        string[] debian = Directory.Exists(DebianFolder) ? Directory.GetDirectories(DebianFolder) : [];
        string[] path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return
        [
            .. debian.Select(folder => Path.Combine(folder, "bin")).Concat(path)
                .Where(bin => File.Exists(Path.Combine(bin, "postgres")) && File.Exists(Path.Combine(bin, "initdb")))
                .Select(bin => new PostgresInstallation(bin, MajorOf(Path.Combine(bin, "postgres"))))
                .Where(found => found.Major >= OldestMajor)
                // A stable sort: Debian's before PATH's of the same version.
                .OrderByDescending(found => found.Major),
        ];
    }

    /// <summary>Asks the program itself; 0 when it gives no answer.</summary>
    private static int MajorOf(string postgres)
    {
        try
        {
            var command = new ProcessStartInfo(postgres, "--version") { RedirectStandardOutput = true, RedirectStandardError = true };
            using var process = Process.Start(command)!;
            string answer = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            var match = VersionPattern().Match(answer);
            return match.Success ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return 0;
        }
    }

    [GeneratedRegex(@"\(PostgreSQL\) (\d+)")]
    private static partial Regex VersionPattern();
}
