namespace Jobwatch.DevServer.Postgres;

/// <summary>A folder of PostgreSQL's programs.</summary>
internal sealed record PostgresInstallation(string Bin, int Major)
{
    public string Program(string name) => Path.Combine(Bin, name);
}
