using System.Security.Cryptography;
using Google.Protobuf.WellKnownTypes;
using Jobwatch.V1;
using Npgsql;
using NpgsqlTypes;

namespace Jobwatch.StreamService.Journal;

/// <summary>
/// One transaction for many appends, in two round trips: lock the logs and read what decides (a statement that runs
/// behind the lock sees all that was committed before it was given), then write and commit. An append that is refused
/// adds nothing and leaves its neighbours alone.
/// </summary>
internal sealed class GroupCommit(NpgsqlConnection connection, IReadOnlyList<PendingAppend> appends, DateTimeOffset now)
{
    private static readonly string DotNetType =
        $"{typeof(ExecutionEvent).FullName}, {typeof(ExecutionEvent).Assembly.GetName().Name}";

    private readonly Dictionary<JobKey, LogDraft> _logs = [];
    private readonly Dictionary<Guid, string> _executionsOfKeys = [];

    /// <summary>Runs it. Nothing is answered yet: the caller publishes first.</summary>
    /// <returns>The outcome of each append, in order, and what was added.</returns>
    public async Task<(AppendOutcome[] Outcomes, IReadOnlyCollection<LogDraft> Logs)> RunAsync(CancellationToken cancellation)
    {
        await LockAndReadAsync(cancellation);
        await ReadRepeatedExecutionsAsync(cancellation);
        var recordedAt = Timestamp.FromDateTimeOffset(now);
        var outcomes = appends.Select(append => _logs[append.Batch.Job].Append(append, RepeatedExecution(append), recordedAt)).ToArray();
        await WriteAsync(cancellation);
        return (outcomes, _logs.Values);
    }

    private string? RepeatedExecution(PendingAppend append)
    {
        for (var i = 0; append.LacksExecutionId && i < append.Keys.Length; i++)
        {
            // An event that named its execution says nothing of the one that was made.
            if (append.LacksExecutionIdAt(i) && _executionsOfKeys.TryGetValue(append.Keys[i], out var execution))
            {
                return execution;
            }
        }

        return null;
    }

    private async Task LockAndReadAsync(CancellationToken cancellation)
    {
        var jobs = appends.Select(append => append.Batch.Job).Distinct()
            .OrderBy(job => job.Tenant, StringComparer.Ordinal).ThenBy(job => job.JobId, StringComparer.Ordinal).ToList();
        var tenants = jobs.Select(job => job.Tenant).ToArray();
        var ids = jobs.Select(job => job.JobId).ToArray();
        var executions = appends.SelectMany(append => append.Batch.Events
            .Select((_, i) => (append.Batch.Job, Id: append.GivenExecutionId(i))).Where(execution => execution.Id.Length > 0)).Distinct().ToList();
        var keysOfMade = appends.Where(append => append.LacksExecutionId).SelectMany(append => append.Keys).ToArray();

        await using var batch = new NpgsqlBatch(connection);
        batch.Add("BEGIN");
        batch.Add(JournalSql.MakeLogs, tenants, ids, jobs.Select(_ => NewIncarnation()).ToArray(), now.UtcDateTime);
        batch.Add(JournalSql.LockLogs, tenants, ids);
        batch.Add(JournalSql.FindKeys, appends.SelectMany(append => append.Keys).ToArray(), keysOfMade);
        batch.Add(JournalSql.FindExecutionsOfJobs, executions.Select(e => e.Job.Tenant).ToArray(),
            executions.Select(e => e.Job.JobId).ToArray(), executions.Select(e => e.Id).ToArray());

        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var job = new JobKey(reader.GetString(0), reader.GetString(1));
            _logs.Add(job, new LogDraft(new JobHead(new JobLog(job, reader.GetInt64(2)), reader.GetInt64(3), reader.GetInt64(4))));
        }

        if (_logs.Count != jobs.Count)
        {
            throw new LogVanishedException();
        }

        await reader.NextResultAsync(cancellation);
        await ReadKeysAsync(reader, cancellation);
        await reader.NextResultAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            _logs[new JobKey(reader.GetString(0), reader.GetString(1))].Load(CatalogRows.Execution(reader, 2));
        }
    }

    private async Task ReadKeysAsync(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        var logsOfKeys = new Dictionary<Guid, LogDraft>();
        foreach (var append in appends)
        {
            foreach (var key in append.Keys)
            {
                logsOfKeys[key] = _logs[append.Batch.Job];
            }
        }

        while (await reader.ReadAsync(cancellation))
        {
            var key = reader.GetGuid(0);
            logsOfKeys[key].LoadPosition(key, reader.GetInt64(1));
            if (!reader.IsDBNull(2))
            {
                _executionsOfKeys[key] = EventHead.Read(reader.GetFieldValue<byte[]>(2)).ExecutionId;
            }
        }
    }

    // An execution whose id was made by an append that now comes again: only the stored event tells which one it is.
    private async Task ReadRepeatedExecutionsAsync(CancellationToken cancellation)
    {
        foreach (var append in appends)
        {
            if (RepeatedExecution(append) is { } executionId)
            {
                var log = _logs[append.Batch.Job];
                await using var command = new NpgsqlCommand(JournalSql.FindExecutions, connection);
                command.Parameters.Add(new() { Value = log.Log.Incarnation });
                command.Parameters.Add(new() { Value = new[] { executionId } });
                await using var reader = await command.ExecuteReaderAsync(cancellation);
                while (await reader.ReadAsync(cancellation))
                {
                    log.Load(CatalogRows.Execution(reader, 0));
                }
            }
        }
    }

    private async Task WriteAsync(CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        var grown = _logs.Values.Where(log => log.Added.Count > 0).ToList();
        if (grown.Count > 0)
        {
            AddEvents(batch, grown);
            AddExecutions(batch, grown);
        }

        // Head 0 with nothing added: the row was made above, and every append to it was refused.
        var empty = _logs.Values.Where(log => log.Head == 0).Select(log => log.Log).ToList();
        if (empty.Count > 0)
        {
            batch.Add(JournalSql.DropEmptyLogs, empty.Select(log => log.Job.Tenant).ToArray(),
                empty.Select(log => log.StreamKey).ToArray(), empty.Select(log => log.Incarnation).ToArray());
        }

        batch.Add("COMMIT");
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private void AddEvents(NpgsqlBatch batch, List<LogDraft> grown)
    {
        batch.Add(JournalSql.InsertEvents,
            grown.SelectMany(log => log.AddedKeys).ToArray(),
            grown.SelectMany(log => log.Added.Select(_ => log.Log.StreamKey)).ToArray(),
            grown.SelectMany(log => log.Added.Select(added => added.Position)).ToArray(),
            grown.SelectMany(log => log.Added.Select(added => added.Bytes)).ToArray(),
            grown.SelectMany(log => log.Added.Select(_ => log.Log.Job.Tenant)).ToArray(),
            now.UtcDateTime, JournalStore.EventType, DotNetType);
        batch.Add(JournalSql.MoveHeads, grown.Select(log => log.Log.Job.Tenant).ToArray(),
            grown.Select(log => log.Log.StreamKey).ToArray(), grown.Select(log => log.Head).ToArray(), now.UtcDateTime);
    }

    private static void AddExecutions(NpgsqlBatch batch, List<LogDraft> grown)
    {
        var touched = grown.SelectMany(log => log.Touched.Select(execution => (log.Log.Incarnation, Execution: execution))).ToList();
        batch.Add(JournalSql.SaveExecutions,
            touched.Select(t => t.Incarnation).ToArray(),
            touched.Select(t => t.Execution.Id).ToArray(),
            touched.Select(t => (short)t.Execution.Status).ToArray(),
            touched.Select(t => t.Execution.FirstPosition).ToArray(),
            touched.Select(t => t.Execution.LastPosition).ToArray(),
            touched.Select(t => t.Execution.EndedPosition).ToArray(),
            touched.Select(t => t.Execution.LabelsPosition).ToArray(),
            new NpgsqlParameter { Value = touched.Select(t => t.Execution.Labels).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
            touched.Select(t => t.Execution.StateBytes()).ToArray(),
            touched.Select(t => t.Execution.DetailBytes()).ToArray());
        var gained = grown.Select(log => (log.Log.Incarnation, Count: log.Touched.LongCount(execution => execution.IsNew)))
            .Where(log => log.Count > 0).ToList();
        if (gained.Count > 0)
        {
            batch.Add(JournalSql.CountExecutions, gained.Select(g => g.Incarnation).ToArray(), gained.Select(g => g.Count).ToArray());
        }
    }

    // Random, not counted: after a restore from a backup a counter would give numbers out again, and cursors of the
    // lost time would point into another life of their job.
    private static long NewIncarnation()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return (BitConverter.ToInt64(bytes) & long.MaxValue) | 1;
    }
}
