using Jobwatch.Faults.Tests.Sites;
using Jobwatch.Faults.Tests.Turns;
using Npgsql;

namespace Jobwatch.Faults.Tests.Store;

/// <summary>PostgreSQL ends the sessions that listen for hints, once and again.</summary>
internal sealed class KilledListener : Fault
{
    private const string Kill =
        """
        SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'jobwatch-hints' AND query ILIKE '%LISTEN%'
        """;

    public override string Name => "listener-kill";

    public override async Task RunAsync(Scene scene)
    {
        double links = await NodeMetrics.LinksAsync(scene.Site.Nodes);
        await using var connection = new NpgsqlConnection(scene.Site.ConnectionString);
        await connection.OpenAsync();
        for (int i = 0; i < 3; i++)
        {
            await Scene.HappensAsync(
                async () =>
                {
                    await using var command = new NpgsqlCommand(Kill, connection);
                    return (long)(await command.ExecuteScalarAsync())! > 0;
                },
                "a session that listens is ended");
            await HoldAsync(1);
        }
        await Scene.HappensAsync(async () => await NodeMetrics.LinksAsync(scene.Site.Nodes) > links, "a node listens anew");
    }
}
