using Jobwatch.V1;
using Npgsql;

namespace Jobwatch.StreamService.Journal;

/// <summary>
/// One pass over the history, on the connection that holds the lock: if that is lost, the pass is over. Every step is whole by itself, so it may
/// break off anywhere, and two passes at once would do no harm. The order keeps readers right: a floor is raised and
/// committed before an event below it is deleted, so that a reader who finds a hole finds the floor that explains it.
/// </summary>
internal sealed class TrimSession(JournalDatabase database, NpgsqlConnection connection, long passLock) : IAsyncDisposable
{
    /// <summary>Events or executions that one transaction deletes, at most.</summary>
    public const int PieceSize = 5_000;

    /// <summary>Jobs after another one in the order of tenant and id.</summary>
    public Task<List<TrimCandidate>> ReadJobsAsync(JobKey after, int limit, CancellationToken cancellation) => ReadAsync(
        TrimSql.ReadJobs,
        reader => new TrimCandidate(
            new JobHead(
                new JobLog(new JobKey(reader.GetString(0), reader.GetString(1)), reader.GetInt64(2)), reader.GetInt64(3), reader.GetInt64(4)),
            new DateTimeOffset(reader.GetDateTime(5)),
            reader.IsDBNull(6) ? null : reader.GetInt64(6)),
        cancellation,
        after.Tenant,
        after.JobId,
        limit);

    /// <summary>
    /// For each search the position of the last event of its range that was recorded before its time; 0 if the first one was not. Clocks
    /// that differ among nodes make the times of one log run back and forth: then it is one such event, with a later one right behind it.
    /// </summary>
    public async Task<IReadOnlyList<long>> FindLastBeforeAsync(IReadOnlyList<TrimSearch> searches, CancellationToken cancellation)
    {
        var found = new long[searches.Count];
        if (found.Length > 0)
        {
            var rows = await ReadAsync(
                TrimSql.FindLastBefore,
                reader => (Ordinal: reader.GetInt32(0), Position: reader.GetInt64(1)),
                cancellation,
                Enumerable.Range(0, found.Length).ToArray(),
                searches.Select(search => search.Log.Job.Tenant).ToArray(),
                searches.Select(search => search.Log.StreamKey).ToArray(),
                searches.Select(search => search.First).ToArray(),
                searches.Select(search => search.Last).ToArray(),
                searches.Select(search => search.Before.UtcDateTime).ToArray());
            rows.ForEach(row => found[row.Ordinal] = row.Position);
        }

        return found;
    }

    /// <summary>Says that events up to a position are truncated. False if that was said before, or the job is gone.</summary>
    public async Task<bool> RaiseFloorAsync(JobLog log, long floor, CancellationToken cancellation) =>
        await ExecuteAsync(TrimSql.RaiseFloor, cancellation, log.Incarnation, floor) > 0;

    /// <summary>Deletes a piece of the events between two positions, from the first on; to be called only below a raised floor.</summary>
    /// <returns>The last position of the piece.</returns>
    public async Task<(int Events, long Last)> DeleteEventsAsync(JobLog log, long first, long floor, CancellationToken cancellation)
    {
        var last = Math.Min(floor, first + PieceSize - 1);
        return (await ExecuteAsync(TrimSql.DeleteEvents, cancellation, log.Job.Tenant, log.StreamKey, first, last), last);
    }

    /// <summary>Takes executions out of the catalog that are wholly below the floor and ended before a time; a piece of them, the oldest.</summary>
    public async Task<int> ForgetExecutionsAsync(JobLog log, long floor, DateTimeOffset endedBefore, CancellationToken cancellation)
    {
        var ended = await ReadAsync(
            TrimSql.FindEnded,
            reader => (Id: reader.GetString(0), State: Execution.Parser.ParseFrom(reader.GetFieldValue<byte[]>(1))),
            cancellation,
            log.Incarnation,
            floor,
            PieceSize);
        // Nothing follows an end: the last update is the end's.
        var forgotten = ended.TakeWhile(one => one.State.UpdateTime.ToDateTimeOffset() < endedBefore).Select(one => one.Id).ToArray();
        if (forgotten.Length > 0)
        {
            await ExecuteAsync(TrimSql.ForgetExecutions, cancellation, log.Incarnation, floor, forgotten);
        }

        return forgotten.Length;
    }

    /// <summary>Logs of deleted jobs that are still to be cleared away.</summary>
    public Task<List<JobLog>> ReadDeletedAsync(int limit, CancellationToken cancellation) => ReadAsync(
        TrimSql.ReadDeleted,
        reader => new JobLog(new JobKey(reader.GetString(0), reader.GetString(1)), reader.GetInt64(2)),
        cancellation,
        limit);

    /// <summary>Deletes a piece of a deleted job's events after a position.</summary>
    /// <returns>The last position of the piece.</returns>
    public async Task<(int Events, long Last)> PurgeEventsAsync(JobLog log, long after, CancellationToken cancellation) => (await ReadAsync(
        TrimSql.PurgeEvents,
        reader => ((int)reader.GetInt64(0), reader.GetInt64(1)),
        cancellation,
        log.Job.Tenant,
        log.StreamKey,
        after,
        PieceSize))[0];

    /// <summary>Deletes a piece of a deleted job's executions.</summary>
    public Task<int> PurgeExecutionsAsync(JobLog log, CancellationToken cancellation) =>
        ExecuteAsync(TrimSql.PurgeExecutions, cancellation, log.Incarnation, PieceSize);

    /// <summary>Ends the clearing away of a deleted job whose events and executions are gone.</summary>
    public Task EndPurgeAsync(JobLog log, CancellationToken cancellation) =>
        ExecuteAsync(TrimSql.EndPurge, cancellation, log.Incarnation, log.Job.Tenant, log.StreamKey);

    public async ValueTask DisposeAsync()
    {
        try
        {
            // The pool keeps the connection, and with it the lock.
            await using var unlock = new NpgsqlCommand($"SELECT pg_advisory_unlock({passLock})", connection) { CommandTimeout = 5 };
            await unlock.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception error) when (error is InvalidOperationException || StoreFaults.IsAway(error))
        {
            // PostgreSQL lets go of the lock when it sees that the connection is gone.
            database.NoteFailure();
        }

        await connection.DisposeAsync();
    }

    private async Task<List<T>> ReadAsync<T>(
        string sql, Func<NpgsqlDataReader, T> row, CancellationToken cancellation, params object[] parameters)
    {
        try
        {
            await using var command = Command(sql, parameters);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            var rows = new List<T>();
            while (await reader.ReadAsync(cancellation))
            {
                rows.Add(row(reader));
            }

            return rows;
        }
        catch (Exception error) when (StoreFaults.IsAway(error))
        {
            throw Unavailable(error);
        }
    }

    private async Task<int> ExecuteAsync(string sql, CancellationToken cancellation, params object[] parameters)
    {
        try
        {
            await using var command = Command(sql, parameters);
            return await command.ExecuteNonQueryAsync(cancellation);
        }
        catch (Exception error) when (StoreFaults.IsAway(error))
        {
            throw Unavailable(error);
        }
    }

    private NpgsqlCommand Command(string sql, object[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        return command;
    }

    private StoreUnavailableException Unavailable(Exception error)
    {
        database.NoteFailure();
        JournalDatabase.Unprepare(connection, error);
        return new StoreUnavailableException("PostgreSQL can't be reached or refuses for now.", error);
    }
}
