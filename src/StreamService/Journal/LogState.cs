namespace Jobwatch.StreamService.Journal;

/// <summary>
/// A log as a commit left it: where it stands, and the executions that may go on. One object from commit to commit: made
/// anew, those of thousands of logs would be most of what a collection finds alive.
/// </summary>
internal sealed class LogState(JobLog log, long head)
{
    // Of executions that one log has open at a time, those that are remembered.
    private const int RememberedExecutions = 64;

    public JobLog Log => log;

    public long Head { get; private set; } = head;

    public Dictionary<string, ExecutionDraft> Executions { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether the append can be decided by what is remembered here.</summary>
    public bool Knows(PendingAppend append)
    {
        for (var i = 0; i < append.Keys.Length; i++)
        {
            if (!Executions.ContainsKey(append.GivenExecutionId(i)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>After a commit: makes it ready for the next one.</summary>
    public void Settle(long newHead)
    {
        Head = newHead;
        foreach (var execution in Executions.Values)
        {
            if (!execution.TrySettle())
            {
                Executions.Remove(execution.Id);
            }
        }

        if (Executions.Count > RememberedExecutions)
        {
            foreach (var forgotten in Executions.Values.OrderByDescending(execution => execution.LastPosition).Skip(RememberedExecutions).ToList())
            {
                Executions.Remove(forgotten.Id);
            }
        }
    }
}
