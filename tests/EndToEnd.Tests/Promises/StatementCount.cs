using Jobwatch.Testing;
using Npgsql;

namespace Jobwatch.EndToEnd.Tests.Promises;

/// <summary>Counts the statements that a cluster is asked to execute, by its log.</summary>
internal sealed class StatementCount(PostgresCluster cluster, string connectionString)
{
    private int _marks;

    public Task StartAsync() => ExecuteAsync("ALTER SYSTEM SET log_statement = 'all'", "SELECT pg_reload_conf()");

    /// <summary>How many there were so far.</summary>
    public async Task<long> ReadAsync()
    {
        // The log is read as it comes: once the mark is there, all before it is.
        string mark = $"SELECT 'mark {++_marks}'";
        await ExecuteAsync(mark);
        await cluster.Process.WaitForLineAsync(mark);
        return cluster.Process.Output.All.TakeWhile(line => !line.Contains(mark, StringComparison.Ordinal)).LongCount(IsStatement);
    }

    private static bool IsStatement(string line) =>
        line.Contains("LOG:  execute", StringComparison.Ordinal) || line.Contains("LOG:  statement", StringComparison.Ordinal);

    private async Task ExecuteAsync(params IEnumerable<string> statements)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        foreach (string statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}
