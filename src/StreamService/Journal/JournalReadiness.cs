using Marten;
using Npgsql;

namespace Jobwatch.StreamService.Journal;

/// <summary>
/// Brings the schema up to date at start, waits for PostgreSQL as long as that takes, and then watches whether it can
/// be reached.
/// </summary>
internal sealed class JournalReadiness(
    JournalDatabase database, IDocumentStore store, TimeProvider time, ILogger<JournalReadiness> logger) : BackgroundService
{
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(1);

    // Any number that nobody else takes on this database: nodes that start together upgrade one after the other.
    private const long SchemaLock = 0x6A6F_6277_6174_6368;

    private volatile bool _isReady;
    private bool _hasFailed;

    /// <summary>The schema is there and the last probe reached PostgreSQL.</summary>
    public bool IsReady => _isReady;

    /// <summary>Raised when <see cref="IsReady"/> changes.</summary>
    public event Action<bool>? Changed;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(ProbeInterval, time);
        while (!await TryUpgradeAsync(stoppingToken))
        {
            await timer.WaitForNextTickAsync(stoppingToken);
        }

        Set(true);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await ProbeAsync(stoppingToken);
        }
    }

    private async Task<bool> TryUpgradeAsync(CancellationToken cancellation)
    {
        try
        {
            await using var connection = await database.Source.OpenConnectionAsync(cancellation);
            await ExecuteAsync(connection, $"SELECT pg_advisory_lock({SchemaLock})", cancellation);
            try
            {
                await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
            }
            finally
            {
                await ExecuteAsync(connection, $"SELECT pg_advisory_unlock({SchemaLock})", CancellationToken.None);
            }

            Log.SchemaReady(logger);
            return true;
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested)
        {
            // Once, with its cause: until PostgreSQL comes nothing new could be said.
            if (!_hasFailed)
            {
                Log.SchemaFailed(logger, error);
            }

            _hasFailed = true;
            return false;
        }
    }

    private async Task ProbeAsync(CancellationToken cancellation)
    {
        try
        {
            await database.QueryAsync(connection => ExecuteAsync(connection, "SELECT 1", cancellation), cancellation);
            Set(true);
        }
        catch (StoreUnavailableException unavailable) when (!cancellation.IsCancellationRequested)
        {
            if (_isReady)
            {
                Log.StoreLost(logger, unavailable.InnerException!);
            }

            Set(false);
        }
    }

    private void Set(bool isReady)
    {
        if (_isReady == isReady)
        {
            return;
        }

        _isReady = isReady;
        if (isReady)
        {
            Log.StoreFound(logger);
        }

        Changed?.Invoke(isReady);
    }

    private static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 5 };
        return await command.ExecuteNonQueryAsync(cancellation);
    }
}
