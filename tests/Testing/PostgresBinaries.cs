using System.Globalization;

namespace Jobwatch.Testing;

/// <summary>The folder of PostgreSQL's programs: JOBWATCH_POSTGRES_BIN, else Debian's newest from 15 on, else the one on PATH.</summary>
internal static class PostgresBinaries
{
    public const string Variable = "JOBWATCH_POSTGRES_BIN";

    private const int OldestMajor = 15;
    private const string DebianFolder = "/usr/lib/postgresql";

    public static string Folder { get; } = Find();

    public static string Program(string name) => Path.Combine(Folder, name);

    private static string Find() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } chosen ? chosen
        : InDebianFolder() ?? OnPath()
            ?? throw new FileNotFoundException(
                $"The tests need PostgreSQL {OldestMajor} or later: install it, or name its bin folder in {Variable}.");

    private static string? InDebianFolder() =>
        !Directory.Exists(DebianFolder) ? null
        : Directory.GetDirectories(DebianFolder)
            .Select(folder => (Bin: Path.Combine(folder, "bin"), Major: MajorOf(folder)))
            .Where(found => found.Major >= OldestMajor && IsComplete(found.Bin))
            .MaxBy(found => found.Major).Bin;

    private static int MajorOf(string folder) =>
        int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int major) ? major : 0;

    private static string? OnPath() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').FirstOrDefault(IsComplete);

    private static bool IsComplete(string folder) =>
        File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres"));
}
