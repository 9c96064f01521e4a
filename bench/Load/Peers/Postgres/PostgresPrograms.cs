namespace Jobwatch.Bench.Peers.Postgres;

/// <summary>Finds PostgreSQL's programs where the tests' cluster finds its own.</summary>
internal static class PostgresPrograms
{
    public static string Path(string name) =>
        (Environment.GetEnvironmentVariable("JOBWATCH_POSTGRES_BIN") is { Length: > 0 } chosen ? [chosen]
            : Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(major => System.IO.Path.Combine(major, "bin"))
            : Environment.GetEnvironmentVariable("PATH")!.Split(':'))
        .Select(folder => System.IO.Path.Combine(folder, name)).First(File.Exists);
}
