using Npgsql;

namespace Jobwatch.StreamService.Journal;

/// <summary>Trims history: for one process at a time, however many share the database.</summary>
internal sealed class HistoryTrimmer(JournalDatabase database)
{
    // Any number that nobody else takes on this database.
    private const long PassLock = 0x6A6F_6277_7472_696D;

    /// <summary>
    /// Begins a pass; null if another process is at one. The lock is the connection's, not a transaction's: one that lasted as long as a
    /// pass would keep PostgreSQL from clearing away what was deleted.
    /// </summary>
    public async Task<TrimSession?> TryBeginAsync(CancellationToken cancellation)
    {
        NpgsqlConnection? connection = null;
        var isOurs = false;
        try
        {
            connection = await database.Source.OpenConnectionAsync(cancellation);
            await using var command = new NpgsqlCommand($"SELECT pg_try_advisory_lock({PassLock})", connection);
            isOurs = (bool)(await command.ExecuteScalarAsync(cancellation))!;
            return isOurs ? new TrimSession(database, connection, PassLock) : null;
        }
        catch (Exception error) when (StoreFaults.IsAway(error))
        {
            database.NoteFailure();
            throw new StoreUnavailableException("PostgreSQL can't be reached or refuses for now.", error);
        }
        finally
        {
            if (!isOurs && connection is not null)
            {
                await connection.DisposeAsync();
            }
        }
    }
}
