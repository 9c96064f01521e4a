using System.Text.Json;
using Jobwatch.V1;
using Npgsql;
using NpgsqlTypes;

namespace Jobwatch.StreamService.Journal;

/// <summary>
/// Reads jobs and executions as they stand: the rows are written by the commit that changes them. Throws
/// <see cref="StoreUnavailableException"/> while PostgreSQL is away.
/// </summary>
internal sealed class CatalogReader(JournalDatabase database)
{
    public async Task<JobRecord?> FindJobAsync(JobKey job, CancellationToken cancellation)
    {
        var found = await ReadAsync(
            Command(JournalSql.GetJob, job.Tenant, job.JobId), reader => CatalogRows.Job(reader, job.Tenant), cancellation);
        return found.SingleOrDefault();
    }

    public async Task<ExecutionRecord?> FindExecutionAsync(JobLog log, string executionId, CancellationToken cancellation) =>
        (await FindExecutionsAsync(log, [executionId], cancellation)).SingleOrDefault();

    /// <summary>Those of the executions that are there, in no order.</summary>
    public Task<IReadOnlyList<ExecutionRecord>> FindExecutionsAsync(
        JobLog log, IReadOnlyCollection<string> executionIds, CancellationToken cancellation) =>
        ReadAsync(
            Command(JournalSql.FindExecutions, log.Incarnation, executionIds.ToArray()),
            reader => CatalogRows.Execution(reader, 0),
            cancellation);

    /// <summary>The ids of executions that had begun and not ended right after the event at a position.</summary>
    public Task<IReadOnlyList<string>> OpenExecutionsAsync(JobLog log, OpenQuery query, CancellationToken cancellation) =>
        ReadAsync(
            Command(
                JournalSql.OpenExecutions,
                log.Incarnation,
                query.Position,
                LabelObjects(query.Labels),
                query.LabelledAt,
                query.Limit),
            reader => reader.GetString(0),
            cancellation);

    /// <summary>The job and its current executions at one moment, or null if there is no such job.</summary>
    public async Task<JobSnapshot?> SnapshotAsync(JobKey job, SnapshotQuery query, CancellationToken cancellation) =>
        (await SnapshotsAsync(job.Tenant, [job.JobId], query, cancellation)).SingleOrDefault();

    /// <summary>Those of a tenant's jobs that are there, with their current executions, all at one moment.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="jobIds">Its jobs.</param>
    /// <param name="query">What of each.</param>
    /// <param name="cancellation">Ends it.</param>
    public Task<IReadOnlyList<JobSnapshot>> SnapshotsAsync(
        string tenant, IReadOnlyCollection<string> jobIds, SnapshotQuery query, CancellationToken cancellation) =>
        ReadAsync(
            Within(query.Seconds, Command(
                SnapshotSql.Snapshots,
                tenant,
                jobIds.ToArray(),
                query.Read,
                query.Shown,
                SnapshotQuery.MaxBytes,
                Nullable(query.ExecutionIds.Count == 0 ? null : query.ExecutionIds.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text),
                Statuses(query.Statuses),
                LabelObjects(query.Labels))),
            reader => CatalogRows.Snapshot(reader, tenant),
            cancellation);

    public Task<IReadOnlyList<JobRecord>> ListJobsAsync(string tenant, JobQuery query, CancellationToken cancellation) =>
        ReadAsync(
            Command(
                JournalSql.ListJobs(query.Order),
                tenant,
                query.IdPrefix,
                Statuses(query.Statuses),
                Nullable(query.After?.JobId, NpgsqlDbType.Text),
                query.Limit,
                DateTime.UnixEpoch.AddMicroseconds(query.After?.CreatedMicroseconds ?? 0)),
            reader => CatalogRows.Job(reader, tenant),
            cancellation);

    public Task<IReadOnlyList<ExecutionRecord>> ListExecutionsAsync(
        JobLog log, ExecutionQuery query, CancellationToken cancellation) =>
        ReadAsync(
            Command(
                JournalSql.ListExecutions(query.NewestFirst),
                log.Incarnation,
                Statuses(query.Statuses),
                Nullable(query.Labels.Count == 0 ? null : JsonSerializer.Serialize(query.Labels.ToDictionary()), NpgsqlDbType.Jsonb),
                Nullable(query.After, NpgsqlDbType.Bigint),
                query.Limit),
            reader => CatalogRows.Execution(reader, 0),
            cancellation);

    private Task<IReadOnlyList<T>> ReadAsync<T>(
        Func<NpgsqlConnection, NpgsqlCommand> command, Func<NpgsqlDataReader, T> row, CancellationToken cancellation) =>
        database.QueryAsync<IReadOnlyList<T>>(
            async connection =>
            {
                await using var prepared = command(connection);
                await using var reader = await prepared.ExecuteReaderAsync(cancellation);
                var rows = new List<T>();
                while (await reader.ReadAsync(cancellation))
                {
                    rows.Add(row(reader));
                }

                return rows;
            },
            cancellation);

    private static Func<NpgsqlConnection, NpgsqlCommand> Command(string sql, params object[] parameters) => connection =>
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter as NpgsqlParameter ?? new NpgsqlParameter { Value = parameter });
        }

        return command;
    };

    private static Func<NpgsqlConnection, NpgsqlCommand> Within(int? seconds, Func<NpgsqlConnection, NpgsqlCommand> make) => connection =>
    {
        var command = make(connection);
        command.CommandTimeout = seconds ?? command.CommandTimeout;
        return command;
    };

    private static NpgsqlParameter Statuses(IReadOnlyCollection<ExecutionStatus> statuses) => Nullable(
        statuses.Count == 0 ? null : statuses.Select(status => (short)status).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Smallint);

    // One object each: two values for one key, which nothing carries, would not fit into one object.
    private static NpgsqlParameter LabelObjects(IEnumerable<KeyValuePair<string, string>> labels) => Nullable(
        labels.Select(label => JsonSerializer.Serialize(new Dictionary<string, string> { [label.Key] = label.Value })).ToArray(),
        NpgsqlDbType.Array | NpgsqlDbType.Jsonb);

    private static NpgsqlParameter Nullable(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}
