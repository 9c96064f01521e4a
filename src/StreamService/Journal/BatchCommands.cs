using Npgsql;

namespace Jobwatch.StreamService.Journal;

/// <summary>Adds commands with positional parameters to a batch.</summary>
internal static class BatchCommands
{
    public static void Add(this NpgsqlBatch batch, string sql, params ReadOnlySpan<object> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter as NpgsqlParameter ?? new NpgsqlParameter { Value = parameter });
        }

        batch.BatchCommands.Add(command);
    }
}
