using Jobwatch.Testing;
using Npgsql;

namespace Jobwatch.EndToEnd.Tests.Nodes;

/// <summary>How the nodes of a test tell each other of their commits, and how that is broken for a moment.</summary>
internal sealed class HintWay : IAsyncDisposable
{
    private readonly RedisServer? _redis;

    private HintWay(RedisServer? redis) => _redis = redis;

    /// <summary>The nodes' settings.</summary>
    public (string Name, string Value)[] Settings => _redis is null
        ? [("Hints__Transport", "Postgres")]
        : [("Hints__Transport", "Redis"), ("Hints__Redis", _redis.Address)];

    public static async Task<HintWay> OpenAsync(string transport)
    {
        var redis = transport == "Redis" ? new RedisServer() : null;
        await (redis?.StartAsync() ?? Task.CompletedTask);
        return new HintWay(redis);
    }

    /// <summary>Cuts every node off from the others. They may find each other again at once.</summary>
    public async Task CutAsync(string connectionString)
    {
        if (_redis is not null)
        {
            await _redis.KillAsync();
            return;
        }
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'jobwatch-hints'", connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Lets them find each other again.</summary>
    public Task MendAsync() => _redis?.StartAsync() ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _redis?.DisposeAsync() ?? ValueTask.CompletedTask;
}
