using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Journal;

/// <summary>
/// A log while a commit adds events to it. Either its row is locked, or its write is guarded by the head it began with:
/// nobody else can have added to it when the commit ends, so what is decided here holds.
/// </summary>
/// <param name="head">Where the log stood.</param>
/// <param name="unchanged">The same log at the same head, whose executions it takes over.</param>
internal sealed class LogDraft(JobHead head, LogDraft? unchanged = null)
{
    // Of executions that one log has open at a time, those that are remembered.
    private const int RememberedExecutions = 64;

    private readonly Dictionary<string, ExecutionDraft> _executions = unchanged?._executions ?? new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, long> _positions = [];

    public JobLog Log { get; } = head.Log;

    public long FirstHead { get; } = head.Head;

    public long Head { get; private set; } = head.Head;

    public List<StoredEvent> Added { get; } = [];

    public List<Guid> AddedKeys { get; } = [];

    /// <summary>The executions that this commit adds to.</summary>
    public List<ExecutionDraft> Touched { get; } = [];

    public int ExecutionCount => _executions.Count;

    /// <summary>Whether the append can be decided by what this draft holds.</summary>
    public bool Knows(PendingAppend append)
    {
        for (var i = 0; i < append.Keys.Length; i++)
        {
            if (!_executions.ContainsKey(append.GivenExecutionId(i)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The log after the commit, for the next one, with the executions that may go on; this one is done with.</summary>
    public LogDraft Next()
    {
        foreach (var execution in _executions.Values)
        {
            if (!execution.TrySettle())
            {
                _executions.Remove(execution.Id);
            }
        }

        if (_executions.Count > RememberedExecutions)
        {
            foreach (var forgotten in _executions.Values.OrderByDescending(execution => execution.LastPosition).Skip(RememberedExecutions).ToList())
            {
                _executions.Remove(forgotten.Id);
            }
        }

        return new LogDraft(new JobHead(Log, head.Floor, Head), this);
    }

    public void Load(ExecutionRecord record) => _executions[record.Execution.ExecutionId] = ExecutionDraft.Load(record);

    /// <summary>Tells of an event that the log holds already.</summary>
    public void LoadPosition(Guid key, long position) => _positions[key] = position;

    /// <summary>Takes a batch in, all of it or nothing.</summary>
    /// <param name="append">The batch.</param>
    /// <param name="repeatedId">The execution of an event of the batch that is stored already, for a batch that had one made.</param>
    /// <param name="now">The recording time.</param>
    public AppendOutcome Append(PendingAppend append, string? repeatedId, Timestamp now)
    {
        var batch = append.Batch;
        var made = append.MakeExecutionId(repeatedId);
        var isNew = NewEvents(append);
        if (isNew.Contains(true))
        {
            if (batch.ExpectedPosition is { } expected && expected != Head)
            {
                return new AppendOutcome.PositionMismatch(expected, Head);
            }

            if (Refuse(append, isNew) is { } refusal)
            {
                return refusal;
            }
        }

        var positions = new long[batch.Events.Count];
        for (var i = 0; i < positions.Length; i++)
        {
            positions[i] = isNew[i] ? Add(batch.Events[i], append.ExecutionId(i), append.Keys[i], now) : _positions[append.Keys[i]];
        }

        return new AppendOutcome.Appended(Log, positions, made);
    }

    private bool[] NewEvents(PendingAppend append)
    {
        var isNew = new bool[append.Keys.Length];
        var seen = isNew.Length > 1 ? new HashSet<Guid>() : null;
        for (var i = 0; i < isNew.Length; i++)
        {
            isNew[i] = !_positions.ContainsKey(append.Keys[i]) && seen?.Add(append.Keys[i]) != false;
        }

        return isNew;
    }

    // Walks the statuses ahead of the fold, so that a refusal leaves nothing behind.
    private AppendOutcome? Refuse(PendingAppend append, bool[] isNew)
    {
        var statuses = new Dictionary<string, ExecutionStatus>(StringComparer.Ordinal);
        for (var i = 0; i < isNew.Length; i++)
        {
            if (!isNew[i])
            {
                continue;
            }

            var id = append.ExecutionId(i);
            if (!statuses.TryGetValue(id, out var status))
            {
                status = _executions.TryGetValue(id, out var execution) ? execution.Status : ExecutionStatus.Unspecified;
            }

            var payload = append.Batch.Events[i].PayloadCase;
            if (!ExecutionLife.Allows(status, payload))
            {
                return status == ExecutionStatus.Unspecified
                    ? new AppendOutcome.ExecutionNotStarted(i, id)
                    : new AppendOutcome.ExecutionEnded(i, id, status);
            }

            statuses[id] = ExecutionLife.After(status, payload);
        }

        return null;
    }

    private long Add(ExecutionEvent added, string executionId, Guid key, Timestamp now)
    {
        added.JobId = Log.Job.JobId;
        added.ExecutionId = executionId;
        added.Position = ++Head;
        added.Type = PayloadNames.Of(added.PayloadCase);
        added.RecordedAt = now;
        if (!_executions.TryGetValue(added.ExecutionId, out var execution))
        {
            execution = ExecutionDraft.New(added.JobId, added.ExecutionId);
            _executions.Add(added.ExecutionId, execution);
        }

        if (!execution.IsTouched)
        {
            Touched.Add(execution);
        }

        execution.Apply(added);
        added.Status = execution.Status;
        _positions[key] = added.Position;
        Added.Add(new StoredEvent(added.Position, added.ToByteArray()));
        AddedKeys.Add(key);
        return added.Position;
    }
}
