using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Jobwatch.StreamService.Journal;

/// <summary>
/// Finds the jobs that watches of many select, in few queries however many jobs and watchers there are. Throws
/// <see cref="StoreUnavailableException"/> while PostgreSQL is away.
/// </summary>
internal sealed class SelectionReader(JournalDatabase database)
{
    // What all selections wait for isn't left to a connection that is dead without a word, as in JournalReader. Labels from before are a
    // question of one selection's, and may take long.
    private const int LookSeconds = 5;
    private const int FillSeconds = 30;

    /// <summary>The jobs of these tenants, of each at most its number of them.</summary>
    public Task<IReadOnlyList<ListedJob>> JobsOfAsync(
        IReadOnlyCollection<KeyValuePair<string, int>> tenants, CancellationToken cancellation) =>
        ReadAsync(
            SelectionSql.JobsOf,
            LookSeconds,
            [tenants.Select(tenant => tenant.Key).ToArray(), tenants.Select(tenant => tenant.Value).ToArray()],
            reader => new ListedJob(new JobKey(reader.GetString(0), reader.GetString(1)), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4)),
            cancellation);

    /// <summary>Those of the logs that are there and are the tenant's.</summary>
    public Task<IReadOnlyList<JobHead>> FindLogsAsync(string tenant, IReadOnlyCollection<long> incarnations, CancellationToken cancellation) =>
        ReadAsync(
            SelectionSql.FindLogs,
            LookSeconds,
            [tenant, incarnations.ToArray()],
            reader => new JobHead(
                new JobLog(new JobKey(tenant, reader.GetString(0)), reader.GetInt64(1)), reader.GetInt64(2), reader.GetInt64(3)),
            cancellation);

    /// <summary>The jobs of a tenant with an execution that carries all of the labels, by incarnation the position of the first event of the one that was given them first.</summary>
    public async Task<IReadOnlyDictionary<long, long>> LabelledJobsAsync(
        string tenant, IReadOnlyList<KeyValuePair<string, string>> labels, int limit, CancellationToken cancellation)
    {
        var json = new NpgsqlParameter { Value = JsonSerializer.Serialize(labels.ToDictionary()), NpgsqlDbType = NpgsqlDbType.Jsonb };
        var found = await ReadAsync(
            SelectionSql.LabelledJobs, FillSeconds, [tenant, json, limit], reader => KeyValuePair.Create(reader.GetInt64(0), reader.GetInt64(1)), cancellation);
        return found.ToDictionary();
    }

    /// <summary>Executions of these logs that were given labels after a position, which each log has its own of.</summary>
    public Task<IReadOnlyList<LabelledExecution>> LabelledSinceAsync(
        IReadOnlyCollection<KeyValuePair<long, long>> logs, CancellationToken cancellation) =>
        ReadAsync(
            SelectionSql.LabelledSince,
            LookSeconds,
            [logs.Select(log => log.Key).ToArray(), logs.Select(log => log.Value).ToArray()],
            reader => new LabelledExecution(
                reader.GetInt64(0),
                reader.GetInt64(1),
                reader.GetInt64(2),
                JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(3))!),
            cancellation);

    private Task<IReadOnlyList<T>> ReadAsync<T>(
        string sql, int seconds, object[] parameters, Func<NpgsqlDataReader, T> row, CancellationToken cancellation) =>
        database.QueryAsync<IReadOnlyList<T>>(
            async connection =>
            {
                await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = seconds };
                foreach (var parameter in parameters)
                {
                    command.Parameters.Add((parameter as NpgsqlParameter)?.Clone() ?? new NpgsqlParameter { Value = parameter });
                }

                await using var reader = await command.ExecuteReaderAsync(cancellation);
                var rows = new List<T>();
                while (await reader.ReadAsync(cancellation))
                {
                    rows.Add(row(reader));
                }

                return rows;
            },
            cancellation);
}
