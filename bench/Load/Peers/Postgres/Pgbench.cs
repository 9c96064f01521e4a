using System.Globalization;
using Jobwatch.Bench.Events;
using Jobwatch.Testing;
using Npgsql;

namespace Jobwatch.Bench.Peers.Postgres;

/// <summary>PostgreSQL's own load: one INSERT a transaction of the event's JSON as text, prepared, over the unix socket.</summary>
internal sealed class Pgbench(string connectionString)
{
    private static readonly string Script = $"INSERT INTO peer_event (payload) VALUES ('{EventShape.Json}');\n";

    /// <returns>Transactions done; the measured time has pgbench's start in it, some 10 ms.</returns>
    public async Task<long> RunAsync(int clients, TimeSpan duration)
    {
        var database = new NpgsqlConnectionStringBuilder(connectionString);
        var script = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(script, Script);
            await using var pgbench = ChildProcess.Start(new ChildCommand(
                PostgresPrograms.Path("pgbench"),
                "-h", database.Host!, "-U", database.Username!, "-n", "-M", "prepared", "-f", script,
                "-c", clients.ToString(CultureInfo.InvariantCulture),
                "-j", Math.Min(2, clients).ToString(CultureInfo.InvariantCulture),
                "-T", duration.TotalSeconds.ToString("0", CultureInfo.InvariantCulture),
                database.Database!));
            if (await pgbench.WaitForExitAsync() != 0)
            {
                throw new InvalidOperationException(pgbench.Describe("failed"));
            }

            const string Processed = "number of transactions actually processed:";
            var line = pgbench.StandardOutput.All.First(line => line.StartsWith(Processed, StringComparison.Ordinal));
            return long.Parse(line[Processed.Length..].Split('/')[0], CultureInfo.InvariantCulture);
        }
        finally
        {
            File.Delete(script);
        }
    }
}
