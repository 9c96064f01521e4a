using System.Diagnostics;
using Jobwatch.Bench.Events;
using Npgsql;

namespace Jobwatch.Bench.Peers.Postgres;

/// <summary>What one client can put into PostgreSQL in bulk, by Npgsql.</summary>
internal sealed class BulkInserts(string connectionString)
{
    /// <summary>INSERT … VALUES of <paramref name="rows"/> rows a transaction, prepared, one after the other.</summary>
    public async Task<long> RunMultiRowAsync(int rows, TimeSpan duration)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO peer_event (payload) VALUES " + string.Join(',', Enumerable.Range(1, rows).Select(i => $"(${i})"));
        for (var i = 0; i < rows; i++)
        {
            insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = EventShape.Json });
        }

        await insert.PrepareAsync();
        var clock = Stopwatch.StartNew();
        long count = 0;
        while (clock.Elapsed < duration)
        {
            count += await insert.ExecuteNonQueryAsync();
        }

        return count;
    }

    /// <summary>One binary COPY for the whole duration: one transaction, nothing acknowledged before its end.</summary>
    public async Task<long> RunCopyAsync(TimeSpan duration)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var copy = await connection.BeginBinaryImportAsync("COPY peer_event (payload) FROM STDIN (FORMAT binary)");
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < duration)
        {
            await copy.StartRowAsync();
            await copy.WriteAsync(EventShape.Json);
        }

        return (long)await copy.CompleteAsync();
    }
}
