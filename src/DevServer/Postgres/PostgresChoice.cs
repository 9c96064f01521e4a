namespace Jobwatch.DevServer.Postgres;

/// <summary>Which PostgreSQL to run: the version of the data that is there, else the newest of the machine, else npm's.</summary>
/// <remarks>The folder asked about holds a folder of data per major version, and npm's programs.</remarks>
internal static class PostgresChoice
{
    public const string Variable = "JOBWATCH_POSTGRES";

    private const string FromNpm = "npm";

    public static async Task<PostgresInstallation> MakeAsync(string folder, Terminal terminal, CancellationToken cancellationToken)
    {
        string? wish = Environment.GetEnvironmentVariable(Variable);
        if (wish is not (null or "" or FromNpm))
            throw new ServerFailure($"{Variable} is '{wish}': it may only be '{FromNpm}', or not set.", ServerFailure.Usage);
        var onMachine = wish is FromNpm ? [] : MachinePostgres.Find();
        int offered = onMachine.Count > 0 ? onMachine[0].Major : NpmPostgres.Major;
        int[] present = PostgresData.MajorsIn(folder);
        int wanted = present.Length == 0 ? offered : present.Max();
        if (onMachine.FirstOrDefault(found => found.Major == wanted) is { } installed)
            return installed;
        if (wanted == NpmPostgres.Major)
            return await NpmPostgres.InstallAsync(folder, terminal, cancellationToken);
        throw new ServerFailure(
            $"The data in {Path.Combine(folder, $"{wanted}")} is PostgreSQL {wanted}'s, but here is only PostgreSQL {offered}. "
            + $"Install PostgreSQL {wanted}, move that folder away to begin anew, or choose another folder with --data.");
    }
}
