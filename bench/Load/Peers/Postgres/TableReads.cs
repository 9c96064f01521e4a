using Jobwatch.Bench.Events;
using Npgsql;

namespace Jobwatch.Bench.Peers.Postgres;

/// <summary>Reads a job's rows straight from PostgreSQL, by Npgsql.</summary>
internal sealed class TableReads(string connectionString, string job, long events)
{
    private const string Page = """
        SELECT version, bdata FROM jobwatch.mt_events
        WHERE tenant_id = $1 AND stream_id = $2 AND version > $3 ORDER BY version LIMIT $4
        """;

    /// <summary>Pages by position, each in a query of its own, as a server reads that holds no connection between them.</summary>
    public Task<long> ReadPagesAsync(int size) => ReadAsync(size);

    /// <summary>All of it by one query.</summary>
    public Task<long> ReadAtOnceAsync() => ReadAsync(int.MaxValue);

    private async Task<long> ReadAsync(int limit)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        var (tenant, stream) = await StreamAsync(connection);
        await using var select = new NpgsqlCommand(Page, connection);
        var after = new NpgsqlParameter<long>();
        select.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenant });
        select.Parameters.Add(new NpgsqlParameter<string> { TypedValue = stream });
        select.Parameters.Add(after);
        select.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        await select.PrepareAsync();
        var check = new PositionCheck();
        for (var before = -1L; before < check.Last;)
        {
            before = after.TypedValue = check.Last;
            await using var reader = await select.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                check.Next(reader.GetInt64(0));
                reader.GetFieldValue<byte[]>(1);
            }
        }

        return check.Last == events ? check.Last : throw new InvalidDataException($"{check.Last} of {events} rows were read.");
    }

    private async Task<(string Tenant, string Stream)> StreamAsync(NpgsqlConnection connection)
    {
        await using var find = new NpgsqlCommand("SELECT tenant_id, id FROM jobwatch.mt_streams WHERE id LIKE '%/' || $1 || '/%'", connection);
        find.Parameters.Add(new NpgsqlParameter<string> { TypedValue = job });
        await using var reader = await find.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetString(0), reader.GetString(1));
    }
}
