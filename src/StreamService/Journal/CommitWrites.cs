using Jobwatch.V1;
using Npgsql;
using NpgsqlTypes;

namespace Jobwatch.StreamService.Journal;

/// <summary>
/// The statements that write grown logs, a column an array. Parameters are used again: making them anew was a fifth of the
/// garbage of a small commit. For one commit at a time.
/// </summary>
internal sealed class CommitWrites
{
    private static readonly string DotNetType =
        $"{typeof(ExecutionEvent).FullName}, {typeof(ExecutionEvent).Assembly.GetName().Name}";

    private readonly List<LogDraft> _grown = [];
    private readonly NpgsqlParameter<DateTime> _movedAt = new();
    private readonly NpgsqlParameter<DateTime> _recordedAt = new();
    private readonly HeadColumns _heads = new();
    private readonly EventColumns _events = new();
    private readonly ExecutionColumns _executions = new();
    private readonly NpgsqlParameter<long[]> _gainers = new();
    private readonly NpgsqlParameter<long[]> _gained = new();
    private readonly NpgsqlParameter[] _moveHeads;
    private readonly NpgsqlParameter[] _insertEvents;
    private readonly NpgsqlParameter[] _saveExecutions;
    private readonly NpgsqlParameter[] _countExecutions;

    public CommitWrites()
    {
        _moveHeads = [_heads.Tenants, _heads.Streams, _heads.Before, _heads.After, _movedAt];
        _insertEvents =
        [
            _events.Keys,
            _events.Streams,
            _events.Positions,
            _events.Bytes,
            _events.Tenants,
            _recordedAt,
            new NpgsqlParameter<string> { TypedValue = JournalStore.EventType },
            new NpgsqlParameter<string> { TypedValue = DotNetType },
        ];
        _saveExecutions =
        [
            _executions.Incarnations,
            _executions.Ids,
            _executions.Statuses,
            _executions.FirstPositions,
            _executions.LastPositions,
            _executions.EndedPositions,
            _executions.LabelsPositions,
            _executions.Labels,
            _executions.States,
            _executions.Details,
        ];
        _countExecutions = [_gainers, _gained];
    }

    /// <summary>Moves the heads first: that locks the logs and fails if one isn't as it was found.</summary>
    public void AddGrown(NpgsqlBatch batch, IReadOnlyCollection<LogDraft> logs, DateTime now)
    {
        _grown.Clear();
        foreach (var log in logs)
        {
            if (log.Added.Count > 0)
            {
                _grown.Add(log);
            }
        }

        if (_grown.Count == 0)
        {
            return;
        }

        // One order for all nodes, so that no two wait for each other.
        _grown.Sort(static (a, b) => (string.CompareOrdinal(a.Log.Job.Tenant, b.Log.Job.Tenant), string.CompareOrdinal(a.Log.StreamKey, b.Log.StreamKey)) switch
        {
            (0, var byStream) => byStream,
            var (byTenant, _) => byTenant,
        });
        _movedAt.TypedValue = _recordedAt.TypedValue = now;
        _heads.Fill(_grown);
        _events.Fill(_grown);
        _executions.Fill(_grown);
        Add(batch, JournalSql.MoveHeads, _moveHeads);
        Add(batch, JournalSql.InsertEvents, _insertEvents);
        Add(batch, JournalSql.SaveExecutions, _saveExecutions);
        if (FillGained())
        {
            Add(batch, JournalSql.CountExecutions, _countExecutions);
        }
    }

    /// <summary>Takes the parameters out of a batch that is done, and lets go of what it wrote.</summary>
    public void Release(NpgsqlBatch batch)
    {
        foreach (var command in batch.BatchCommands)
        {
            command.Parameters.Clear();
        }

        _grown.Clear();
        _events.Bytes.TypedValue = [];
        _executions.Release();
    }

    // A command remembers the statement that its connection prepared for it, and the next commit may have another connection.
    private static void Add(NpgsqlBatch batch, string sql, NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        batch.BatchCommands.Add(command);
    }

    private bool FillGained()
    {
        if (!_grown.Exists(static log => log.Touched.Exists(static execution => execution.IsNew)))
        {
            return false;
        }

        List<long> gainers = [];
        List<long> gained = [];
        foreach (var log in _grown)
        {
            long count = 0;
            foreach (var execution in log.Touched)
            {
                count += execution.IsNew ? 1 : 0;
            }

            if (count > 0)
            {
                gainers.Add(log.Log.Incarnation);
                gained.Add(count);
            }
        }

        _gainers.TypedValue = [.. gainers];
        _gained.TypedValue = [.. gained];
        return true;
    }

    private sealed class HeadColumns
    {
        public NpgsqlParameter<string[]> Tenants { get; } = new();

        public NpgsqlParameter<string[]> Streams { get; } = new();

        public NpgsqlParameter<long[]> Before { get; } = new();

        public NpgsqlParameter<long[]> After { get; } = new();

        public void Fill(List<LogDraft> grown)
        {
            var tenants = Tenants.TypedValue = new string[grown.Count];
            var streams = Streams.TypedValue = new string[grown.Count];
            var before = Before.TypedValue = new long[grown.Count];
            var after = After.TypedValue = new long[grown.Count];
            for (var i = 0; i < grown.Count; i++)
            {
                tenants[i] = grown[i].Log.Job.Tenant;
                streams[i] = grown[i].Log.StreamKey;
                before[i] = grown[i].FirstHead;
                after[i] = grown[i].Head;
            }
        }
    }

    private sealed class EventColumns
    {
        public NpgsqlParameter<Guid[]> Keys { get; } = new();

        public NpgsqlParameter<string[]> Streams { get; } = new();

        public NpgsqlParameter<long[]> Positions { get; } = new();

        public NpgsqlParameter<ReadOnlyMemory<byte>[]> Bytes { get; } = new();

        public NpgsqlParameter<string[]> Tenants { get; } = new();

        public void Fill(List<LogDraft> grown)
        {
            var count = 0;
            foreach (var log in grown)
            {
                count += log.Added.Count;
            }

            var keys = Keys.TypedValue = new Guid[count];
            var streams = Streams.TypedValue = new string[count];
            var positions = Positions.TypedValue = new long[count];
            var bytes = Bytes.TypedValue = new ReadOnlyMemory<byte>[count];
            var tenants = Tenants.TypedValue = new string[count];
            var at = 0;
            foreach (var log in grown)
            {
                for (var i = 0; i < log.Added.Count; i++, at++)
                {
                    keys[at] = log.AddedKeys[i];
                    streams[at] = log.Log.StreamKey;
                    positions[at] = log.Added[i].Position;
                    bytes[at] = log.Added[i].Bytes;
                    tenants[at] = log.Log.Job.Tenant;
                }
            }
        }
    }

    private sealed class ExecutionColumns
    {
        private readonly List<(long Incarnation, ExecutionDraft Execution)> _touched = [];

        public NpgsqlParameter<long[]> Incarnations { get; } = new();

        public NpgsqlParameter<string[]> Ids { get; } = new();

        public NpgsqlParameter<short[]> Statuses { get; } = new();

        public NpgsqlParameter<long[]> FirstPositions { get; } = new();

        public NpgsqlParameter<long[]> LastPositions { get; } = new();

        public NpgsqlParameter<long?[]> EndedPositions { get; } = new();

        public NpgsqlParameter<long[]> LabelsPositions { get; } = new();

        public NpgsqlParameter<string?[]> Labels { get; } = new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

        public NpgsqlParameter<byte[][]> States { get; } = new();

        public NpgsqlParameter<byte[]?[]> Details { get; } = new();

        public void Fill(List<LogDraft> grown)
        {
            foreach (var log in grown)
            {
                foreach (var execution in log.Touched)
                {
                    _touched.Add((log.Log.Incarnation, execution));
                }
            }

            var incarnations = Incarnations.TypedValue = new long[_touched.Count];
            var ids = Ids.TypedValue = new string[_touched.Count];
            var statuses = Statuses.TypedValue = new short[_touched.Count];
            var firstPositions = FirstPositions.TypedValue = new long[_touched.Count];
            var lastPositions = LastPositions.TypedValue = new long[_touched.Count];
            var endedPositions = EndedPositions.TypedValue = new long?[_touched.Count];
            var labelsPositions = LabelsPositions.TypedValue = new long[_touched.Count];
            var labels = Labels.TypedValue = new string?[_touched.Count];
            var states = States.TypedValue = new byte[_touched.Count][];
            var details = Details.TypedValue = new byte[]?[_touched.Count];
            for (var i = 0; i < _touched.Count; i++)
            {
                var (incarnation, execution) = _touched[i];
                incarnations[i] = incarnation;
                ids[i] = execution.Id;
                statuses[i] = (short)execution.Status;
                firstPositions[i] = execution.FirstPosition;
                lastPositions[i] = execution.LastPosition;
                endedPositions[i] = execution.EndedPosition;
                labelsPositions[i] = execution.LabelsPosition;
                labels[i] = execution.NewLabels();
                states[i] = execution.StateBytes();
                details[i] = execution.DetailBytes();
            }
        }

        // Also of a commit that failed while they were filled: the next one may not write its executions.
        public void Release()
        {
            _touched.Clear();
            States.TypedValue = [];
            Details.TypedValue = [];
        }
    }
}
