using System.Data;
using Npgsql;

namespace Jobwatch.StreamService.Journal;

/// <summary>
/// Reads logs. Each call takes a connection, reads what it returns into memory and lets go of it, so that no watcher
/// holds one while its reader is slow. Throws <see cref="StoreUnavailableException"/> while PostgreSQL is away.
/// </summary>
internal sealed class JournalReader(JournalDatabase database)
{
    /// <summary>Bytes of a page that is asked for without a number: large enough to stream, small enough for many slow readers.</summary>
    public const int DefaultPageBytes = 128 * 1024;

    // On a connection that is dead without a word nothing else ends the wait, and others wait for the same answer. What isn't answered
    // in time is asked again on another one.
    private const int LookSeconds = 5;
    private const int PageSeconds = 10;

    /// <summary>The job's log as it stands, or null if there is no such job.</summary>
    public Task<JobHead?> FindJobAsync(JobKey job, CancellationToken cancellation) =>
        database.QueryAsync(async connection =>
        {
            await using var command = new NpgsqlCommand(JournalSql.FindJob, connection) { CommandTimeout = LookSeconds };
            command.Parameters.Add(new() { Value = job.Tenant });
            command.Parameters.Add(new() { Value = job.JobId });
            await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleRow, cancellation);
            return await reader.ReadAsync(cancellation)
                ? new JobHead(new JobLog(job, reader.GetInt64(0)), reader.GetInt64(1), reader.GetInt64(2))
                : null;
        }, cancellation);

    /// <summary>
    /// The events after a position, up to <paramref name="maxEvents"/> and, but for the first event, up to
    /// <paramref name="maxBytes"/>.
    /// </summary>
    public Task<EventPage> ReadAsync(
        JobLog log, long after, int maxEvents, int maxBytes, CancellationToken cancellation) =>
        database.QueryAsync(async connection =>
        {
            await using var command = new NpgsqlCommand(JournalSql.ReadPage, connection) { CommandTimeout = PageSeconds };
            command.Parameters.Add(new() { Value = log.Job.Tenant });
            command.Parameters.Add(new() { Value = log.StreamKey });
            command.Parameters.Add(new() { Value = after });
            command.Parameters.Add(new() { Value = maxEvents });
            await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellation);
            return await ReadPageAsync(reader, maxEvents, maxBytes, cancellation);
        }, cancellation);

    /// <summary>The heads of these logs, by incarnation, in one query. A log that is gone is missing.</summary>
    public Task<IReadOnlyDictionary<long, long>> HeadsAsync(IReadOnlyCollection<JobLog> logs, CancellationToken cancellation) =>
        database.QueryAsync<IReadOnlyDictionary<long, long>>(async connection =>
        {
            await using var command = new NpgsqlCommand(JournalSql.Heads, connection) { CommandTimeout = LookSeconds };
            command.Parameters.Add(new() { Value = logs.Select(log => log.Job.Tenant).ToArray() });
            command.Parameters.Add(new() { Value = logs.Select(log => log.StreamKey).ToArray() });
            command.Parameters.Add(new() { Value = logs.Select(log => log.Incarnation).ToArray() });
            var heads = new Dictionary<long, long>(logs.Count);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                heads[reader.GetInt64(0)] = reader.GetInt64(1);
            }

            return heads;
        }, cancellation);

    /// <summary>Those of the jobs that are there, in one query.</summary>
    public Task<IReadOnlyList<JobHead>> FindJobsAsync(IReadOnlyCollection<JobKey> jobs, CancellationToken cancellation) =>
        database.QueryAsync<IReadOnlyList<JobHead>>(async connection =>
        {
            await using var command = new NpgsqlCommand(JournalSql.FindJobs, connection) { CommandTimeout = LookSeconds };
            command.Parameters.Add(new() { Value = jobs.Select(job => job.Tenant).ToArray() });
            command.Parameters.Add(new() { Value = jobs.Select(job => job.JobId).ToArray() });
            var heads = new List<JobHead>(jobs.Count);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                var log = new JobLog(new JobKey(reader.GetString(0), reader.GetString(1)), reader.GetInt64(2));
                heads.Add(new JobHead(log, reader.GetInt64(3), reader.GetInt64(4)));
            }

            return heads;
        }, cancellation);

    private static async Task<EventPage> ReadPageAsync(
        NpgsqlDataReader reader, int maxEvents, int maxBytes, CancellationToken cancellation)
    {
        var events = new List<StoredEvent>();
        var bytes = 0;
        while (await reader.ReadAsync(cancellation))
        {
            var position = reader.GetInt64(0);
            if (events.Count > 0 && position != events[^1].Position + 1)
            {
                // Only the log of a job that was deleted has holes. Whoever comes to one asks whether the job is there.
                return new EventPage(events, ReachedHead: false);
            }

            events.Add(new StoredEvent(position, reader.GetFieldValue<byte[]>(1)));
            bytes += events[^1].Bytes.Length;
            if (bytes >= maxBytes)
            {
                return new EventPage(events, ReachedHead: false);
            }
        }

        return new EventPage(events, ReachedHead: events.Count < maxEvents);
    }
}
