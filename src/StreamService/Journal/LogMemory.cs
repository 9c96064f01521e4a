namespace Jobwatch.StreamService.Journal;

/// <summary>
/// Logs as a lane's commits left them, so that the next one need not read them: its write is guarded by the head that is
/// remembered, and whoever else changes a log moves its head. What is taken out is kept again only after a commit.
/// Bounded: logs that are not appended to for long are forgotten.
/// </summary>
internal sealed class LogMemory
{
    // Logs and executions of one generation; two generations are remembered.
    private const int Capacity = 4096;

    private Dictionary<JobKey, Remembered> _young = [];
    private Dictionary<JobKey, Remembered> _old = [];
    private int _weight;

    /// <summary>Whether the append asks for nothing that isn't remembered.</summary>
    public bool Knows(PendingAppend append) => Recall(append.Batch.Job) is { State: { } state } && state.Knows(append);

    /// <summary>The log as it was left; for one that is known.</summary>
    public LogState Take(JobKey job) => Recall(job)?.TakeState() ?? throw new InvalidOperationException($"The log of {job} is not remembered.");

    /// <summary>The log as it was left, if that is how it was found again.</summary>
    public LogState? TakeUnchanged(JobHead found) =>
        Recall(found.Log.Job) is { State: { } state } remembered && state.Log == found.Log && state.Head == found.Head ? remembered.TakeState() : null;

    /// <summary>
    /// Remembers a log as a commit left it. One that somebody else appended to meanwhile is remembered by its head only,
    /// until it is found as it was left: guards that fail cost more than reading.
    /// </summary>
    /// <param name="draft">The committed draft.</param>
    /// <param name="wasRead">Whether the commit locked and read it.</param>
    public void Keep(LogDraft draft, bool wasRead)
    {
        var job = draft.Log.Job;
        var isOurs = !wasRead || draft.FirstHead == 0 || Recall(job)?.Head == draft.FirstHead;
        if (_young.Remove(job, out var before))
        {
            _weight -= before.Weight;
        }

        // Also where the job was there: the logs that are there may come to remember more and more executions.
        if (_weight >= Capacity)
        {
            (_old, _young, _weight) = (_young, [], 0);
        }

        var remembered = before ?? new Remembered();
        remembered.Set(draft.Head, isOurs ? draft.Settle() : null);
        _young[job] = remembered;
        _weight += remembered.Weight;
    }

    public void Clear()
    {
        _young.Clear();
        _old.Clear();
        _weight = 0;
    }

    private Remembered? Recall(JobKey job) => _young.GetValueOrDefault(job) ?? _old.GetValueOrDefault(job);

    private sealed class Remembered
    {
        public long Head { get; private set; }

        public LogState? State { get; private set; }

        public int Weight { get; private set; }

        public void Set(long head, LogState? state)
        {
            (Head, State) = (head, state);
            Weight = 1 + (state?.Executions.Count ?? 0);
        }

        public LogState? TakeState()
        {
            var taken = State;
            State = null;
            return taken;
        }
    }
}
