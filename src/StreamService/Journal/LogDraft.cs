using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Journal;

/// <summary>
/// A log while a commit adds events to it. Either its row is locked, or its write is guarded by the head it began with:
/// nobody else can have added to it when the commit ends, so what is decided here holds.
/// </summary>
/// <param name="state">The log as it was found. It is changed on the way, so it is of no use where the commit fails.</param>
internal sealed class LogDraft(LogState state)
{
    private Dictionary<Guid, long>? _positions;
    private int _indexed;

    public JobLog Log => state.Log;

    public long FirstHead { get; } = state.Head;

    public long Head { get; private set; } = state.Head;

    public List<StoredEvent> Added { get; } = [];

    public List<Guid> AddedKeys { get; } = [];

    /// <summary>The executions that this commit adds to.</summary>
    public List<ExecutionDraft> Touched { get; } = [];

    /// <summary>After the commit: the log as it is now, for the next one.</summary>
    public LogState Settle()
    {
        state.Settle(Head);
        return state;
    }

    public void Load(ExecutionRecord record) => state.Executions[record.Execution.ExecutionId] = ExecutionDraft.Load(record);

    /// <summary>Tells of an event that the log holds already.</summary>
    public void LoadPosition(Guid key, long position) => (_positions ??= [])[key] = position;

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
            positions[i] = isNew[i] ? Add(batch.Events[i], append.ExecutionId(i), append.Keys[i], now) : Find(append.Keys[i])!.Value;
        }

        return new AppendOutcome.Appended(Log, positions, made);
    }

    // Where an event is that the log holds already, or that came earlier in this commit. Indexed when it is first asked for: most
    // commits add one event to a log.
    private long? Find(Guid key)
    {
        for (; _indexed < AddedKeys.Count; _indexed++)
        {
            LoadPosition(AddedKeys[_indexed], Added[_indexed].Position);
        }

        return _positions is not null && _positions.TryGetValue(key, out var position) ? position : null;
    }

    private bool[] NewEvents(PendingAppend append)
    {
        var isNew = new bool[append.Keys.Length];
        var seen = isNew.Length > 1 ? new HashSet<Guid>() : null;
        for (var i = 0; i < isNew.Length; i++)
        {
            isNew[i] = Find(append.Keys[i]) is null && seen?.Add(append.Keys[i]) != false;
        }

        return isNew;
    }

    // Walks the statuses ahead of the fold, so that a refusal leaves nothing behind.
    private AppendOutcome? Refuse(PendingAppend append, bool[] isNew)
    {
        var statuses = isNew.Length > 1 ? new Dictionary<string, ExecutionStatus>(StringComparer.Ordinal) : null;
        for (var i = 0; i < isNew.Length; i++)
        {
            if (!isNew[i])
            {
                continue;
            }

            var id = append.ExecutionId(i);
            ExecutionStatus status;
            if (statuses is null || !statuses.TryGetValue(id, out status))
            {
                status = state.Executions.TryGetValue(id, out var execution) ? execution.Status : ExecutionStatus.Unspecified;
            }

            var payload = append.Batch.Events[i].PayloadCase;
            if (!ExecutionLife.Allows(status, payload))
            {
                return status == ExecutionStatus.Unspecified
                    ? new AppendOutcome.ExecutionNotStarted(i, id)
                    : new AppendOutcome.ExecutionEnded(i, id, status);
            }

            if (statuses is not null)
            {
                statuses[id] = ExecutionLife.After(status, payload);
            }
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
        if (!state.Executions.TryGetValue(added.ExecutionId, out var execution))
        {
            execution = ExecutionDraft.New(added.JobId, added.ExecutionId);
            state.Executions.Add(added.ExecutionId, execution);
        }

        if (!execution.IsTouched)
        {
            Touched.Add(execution);
        }

        execution.Apply(added);
        added.Status = execution.Status;
        Added.Add(new StoredEvent(added.Position, added.ToByteArray()));
        AddedKeys.Add(key);
        return added.Position;
    }
}
