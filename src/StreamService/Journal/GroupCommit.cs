using System.Security.Cryptography;
using Google.Protobuf.WellKnownTypes;
using Npgsql;

namespace Jobwatch.StreamService.Journal;

/// <summary>
/// One transaction for many appends. If the lane remembers all of its logs, they are written at once, guarded by their heads.
/// Else they are locked and read before, in one more round trip: a statement that runs behind the lock sees all that was
/// committed before it was given. An append that is refused adds nothing and leaves its neighbours alone.
/// </summary>
internal sealed class GroupCommit(
    NpgsqlConnection connection, List<PendingAppend> appends, LogMemory memory, CommitWrites writes, DateTimeOffset now)
{
    private readonly Dictionary<JobKey, LogDraft> _logs = [];
    private readonly bool _makesExecutions = appends.Exists(static append => append.LacksExecutionId);
    private Dictionary<Guid, string>? _executionsOfKeys;
    private Dictionary<Guid, string>? _streamsOfLeftKeys;

    /// <summary>What was added.</summary>
    public IReadOnlyCollection<LogDraft> Logs => _logs.Values;

    /// <summary>
    /// Runs it, and returns the outcome of each append, in order. Nothing is answered yet: the caller publishes first.
    /// Null, with nothing written, if an append was refused by what was remembered only: refusals are not guarded.
    /// </summary>
    /// <param name="trust">Whether to trust the memory. A guard that fails and an event that is there already throw.</param>
    /// <param name="cancellation">Ends the waiting for PostgreSQL.</param>
    public async Task<AppendOutcome[]?> RunAsync(bool trust, CancellationToken cancellation)
    {
        var isRecalled = trust && TryRecall();
        if (!isRecalled)
        {
            await LockAndReadAsync(cancellation);
            await ReadRepeatedExecutionsAsync(cancellation);
        }

        var recordedAt = Timestamp.FromDateTimeOffset(now);
        var outcomes = new AppendOutcome[appends.Count];
        for (var i = 0; i < outcomes.Length; i++)
        {
            outcomes[i] = _logs[appends[i].Batch.Job].Append(appends[i], RepeatedExecution(appends[i]), recordedAt);
            if (outcomes[i] is not AppendOutcome.Appended && isRecalled)
            {
                return null;
            }

            NoteExecutions(appends[i], outcomes[i]);
        }

        await WriteAsync(isBegun: !isRecalled, cancellation);
        foreach (var log in _logs.Values)
        {
            if (log.Head > 0)
            {
                memory.Keep(log, wasRead: !isRecalled);
            }
        }

        return outcomes;
    }

    // All of the group or none: locks that are taken in two turns could meet another node's in the other order.
    private bool TryRecall()
    {
        foreach (var append in appends)
        {
            if (!memory.Knows(append))
            {
                return false;
            }
        }

        foreach (var append in appends)
        {
            if (!_logs.ContainsKey(append.Batch.Job))
            {
                _logs.Add(append.Batch.Job, new LogDraft(memory.Take(append.Batch.Job)));
            }
        }

        return true;
    }

    private string? RepeatedExecution(PendingAppend append)
    {
        for (var i = 0; append.LacksExecutionId && i < append.Keys.Length; i++)
        {
            // An event that named its execution says nothing of the one that was made.
            if (append.LacksExecutionIdAt(i) && _executionsOfKeys is not null && _executionsOfKeys.TryGetValue(append.Keys[i], out var execution))
            {
                return execution;
            }
        }

        return null;
    }

    // The same events may come again within this commit: then they are of the execution that was made or named a moment ago.
    private void NoteExecutions(PendingAppend append, AppendOutcome outcome)
    {
        for (var i = 0; _makesExecutions && outcome is AppendOutcome.Appended && i < append.Keys.Length; i++)
        {
            (_executionsOfKeys ??= []).TryAdd(append.Keys[i], append.ExecutionId(i));
        }
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
        var found = 0;
        while (await reader.ReadAsync(cancellation))
        {
            var job = new JobKey(reader.GetString(0), reader.GetString(1));
            if (_logs.ContainsKey(job))
            {
                continue;
            }

            var head = new JobHead(new JobLog(job, reader.GetInt64(2)), reader.GetInt64(3), reader.GetInt64(4));
            _logs.Add(job, new LogDraft(memory.TakeUnchanged(head) ?? new LogState(head.Log, head.Head)));
            found++;
        }

        if (found != jobs.Count)
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
            var stream = reader.GetString(2);
            if (stream != logsOfKeys[key].Log.StreamKey)
            {
                // Of a life of the job that was deleted and is still being cleared away. A key has room for one event.
                (_streamsOfLeftKeys ??= [])[key] = stream;
                continue;
            }

            logsOfKeys[key].LoadPosition(key, reader.GetInt64(1));
            if (!reader.IsDBNull(3))
            {
                (_executionsOfKeys ??= [])[key] = EventHead.Read(reader.GetFieldValue<byte[]>(3)).ExecutionId;
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

    // A batch is a transaction of its own where none was begun: it is sent with one Sync at its end.
    private async Task WriteAsync(bool isBegun, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        try
        {
            if (_streamsOfLeftKeys is not null)
            {
                batch.Add(JournalSql.DropKeys, _streamsOfLeftKeys.Keys.ToArray(), _streamsOfLeftKeys.Values.ToArray());
            }

            writes.AddGrown(batch, _logs.Values, now.UtcDateTime);

            // Head 0 with nothing added: the row was made above, and every append to it was refused.
            var empty = _logs.Values.Where(log => log.Head == 0).Select(log => log.Log).ToList();
            if (empty.Count > 0)
            {
                batch.Add(JournalSql.DropEmptyLogs, empty.Select(log => log.Job.Tenant).ToArray(),
                    empty.Select(log => log.StreamKey).ToArray(), empty.Select(log => log.Incarnation).ToArray());
            }

            if (isBegun)
            {
                batch.Add("COMMIT");
            }

            await batch.ExecuteNonQueryAsync(cancellation);
        }
        finally
        {
            writes.Release(batch);
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
