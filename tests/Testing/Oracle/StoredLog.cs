using Jobwatch.V1;
using Npgsql;
using Xunit;

namespace Jobwatch.Testing.Oracle;

/// <summary>A job's log as the database holds it, read past every part of the product.</summary>
internal static class StoredLog
{
    /// <summary>The job's events by position. A position that is missing or twice there fails.</summary>
    public static async Task<IReadOnlyList<ExecutionEvent>> ReadAsync(string connectionString, string tenant, string jobId)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "SELECT version, bdata FROM jobwatch.mt_events WHERE tenant_id = $1 AND starts_with(stream_id, $2) ORDER BY version",
            connection);
        command.Parameters.Add(new() { Value = tenant });
        command.Parameters.Add(new() { Value = $"{tenant}/{jobId}/" });
        var events = new List<ExecutionEvent>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var stored = ExecutionEvent.Parser.ParseFrom(reader.GetFieldValue<byte[]>(1));
            Assert.Equal(events.Count + 1, reader.GetInt64(0));
            Assert.Equal(events.Count + 1, stored.Position);
            Assert.Equal(jobId, stored.JobId);
            events.Add(stored);
        }
        return events;
    }
}
