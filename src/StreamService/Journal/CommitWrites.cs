using Jobwatch.V1;
using Npgsql;
using NpgsqlTypes;

namespace Jobwatch.StreamService.Journal;

/// <summary>Turns grown logs into the statements that write them, a column an array.</summary>
internal static class CommitWrites
{
    private static readonly string DotNetType =
        $"{typeof(ExecutionEvent).FullName}, {typeof(ExecutionEvent).Assembly.GetName().Name}";

    /// <summary>Moves the heads first: that locks the logs and fails if one isn't as it was found.</summary>
    public static void AddGrown(this NpgsqlBatch batch, IReadOnlyCollection<LogDraft> logs, DateTime now)
    {
        var grown = logs.Where(log => log.Added.Count > 0)
            .OrderBy(log => log.Log.Job.Tenant, StringComparer.Ordinal).ThenBy(log => log.Log.StreamKey, StringComparer.Ordinal).ToList();
        if (grown.Count > 0)
        {
            AddHeads(batch, grown, now);
            AddEvents(batch, grown, now);
            AddExecutions(batch, grown);
        }
    }

    private static void AddHeads(NpgsqlBatch batch, List<LogDraft> grown, DateTime now) => batch.Add(
        JournalSql.MoveHeads,
        grown.Select(log => log.Log.Job.Tenant).ToArray(),
        grown.Select(log => log.Log.StreamKey).ToArray(),
        grown.Select(log => log.FirstHead).ToArray(),
        grown.Select(log => log.Head).ToArray(),
        now);

    private static void AddEvents(NpgsqlBatch batch, List<LogDraft> grown, DateTime now) => batch.Add(
        JournalSql.InsertEvents,
        grown.SelectMany(log => log.AddedKeys).ToArray(),
        grown.SelectMany(log => log.Added.Select(_ => log.Log.StreamKey)).ToArray(),
        grown.SelectMany(log => log.Added.Select(added => added.Position)).ToArray(),
        grown.SelectMany(log => log.Added.Select(added => added.Bytes)).ToArray(),
        grown.SelectMany(log => log.Added.Select(_ => log.Log.Job.Tenant)).ToArray(),
        now,
        JournalStore.EventType,
        DotNetType);

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
}
