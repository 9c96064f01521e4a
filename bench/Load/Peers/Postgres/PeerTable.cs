using Npgsql;

namespace Jobwatch.Bench.Peers.Postgres;

/// <summary>The table that raw PostgreSQL's figures are measured on: the least that an ordered log needs.</summary>
internal static class PeerTable
{
    public static async Task CreateAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var create = connection.CreateCommand();
        create.CommandText = "CREATE TABLE peer_event (id bigserial PRIMARY KEY, payload text NOT NULL)";
        await create.ExecuteNonQueryAsync();
    }
}
