using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Watching;

/// <summary>
/// Knows when a watch that is to end with its executions ends: with the last of those that were named, or if none was
/// named, with the event after which no execution that the filter's labels select is open.
/// </summary>
internal sealed class EndCondition
{
    /// <summary>Open executions that are held by their ids. Of more, a watch only counts the ends.</summary>
    private const int MaxHeld = 500;

    private readonly HashSet<string>? _open;
    private readonly bool _isNamed;

    // More are open than are held, so none is; before so many ends it can't be that none is open.
    private bool _isCrowded;
    private int _endsAtLeast;

    private EndCondition(HashSet<string>? open, bool isNamed)
    {
        _open = open;
        _isNamed = isNamed;
    }

    /// <summary>Whether the watch ended at the position at which this was made, or before it, whatever comes after.</summary>
    public bool WasMet { get; private set; }

    /// <summary>Whether nothing is open that the watch could end with.</summary>
    public bool IsNothingOpen => _open is { Count: 0 } && !_isCrowded;

    /// <summary>Whether only the store can tell if the event that was taken in last ends the watch: to be asked anew, at its position.</summary>
    public bool IsUnsure => _isCrowded && _endsAtLeast <= 0;

    /// <summary>Whether the watch ends with this execution, among others perhaps, and it is open yet.</summary>
    public bool Names(string executionId) => _isNamed && _open?.Contains(executionId) == true;

    /// <summary>For a job that isn't there.</summary>
    public static EndCondition Before(WatchOrder order) =>
        new(order.UntilEnd ? new HashSet<string>(order.Targets, StringComparer.Ordinal) : null, order.Targets.Count > 0);

    /// <summary>As it stands after the event at a position. A named execution that isn't there yet counts as open.</summary>
    /// <param name="order">What is watched.</param>
    /// <param name="log">Of its job.</param>
    /// <param name="position">After which event.</param>
    /// <param name="wasPassed">Whether a session before this one passed that event.</param>
    /// <param name="catalog">Knows the executions.</param>
    /// <param name="cancellation">The caller's leaving.</param>
    public static async Task<EndCondition> AtAsync(
        WatchOrder order, JobLog log, long position, bool wasPassed, CatalogReader catalog, CancellationToken cancellation)
    {
        var condition = Before(order);
        if (condition._open is not { } open)
        {
            return condition;
        }

        if (!condition._isNamed)
        {
            var began = await OpenAtAsync(position, MaxHeld + 1);
            if (began.Count > MaxHeld)
            {
                condition.Crowd();
                return condition;
            }

            open.UnionWith(began);
            // A session before this one ended with the event at the position. What began since is another watch's.
            condition.WasMet = open.Count == 0 && wasPassed && (await OpenAtAsync(position - 1, 1)).Count > 0;
            return condition;
        }

        foreach (var record in await catalog.FindExecutionsAsync(log, order.Targets, cancellation))
        {
            if (ExecutionLife.HasEnded(record.Execution.Status) && record.Execution.LastPosition <= position)
            {
                open.Remove(record.Execution.ExecutionId);
            }
        }

        condition.WasMet = condition.IsNothingOpen;
        return condition;

        // Of the executions that were open at that position, those that the labels select by now.
        Task<IReadOnlyList<string>> OpenAtAsync(long openAt, int limit) =>
            catalog.OpenExecutionsAsync(log, new OpenQuery(openAt, order.Filter.Labels, position, limit), cancellation);
    }

    /// <summary>An execution has ended of which the store knows nothing any more.</summary>
    public void Forget(string? executionId)
    {
        if (executionId is not null && _isNamed && _open?.Remove(executionId) == true)
        {
            WasMet = IsNothingOpen;
        }
    }

    /// <summary>Takes in the next event; true if the watch ends with it.</summary>
    /// <param name="head">The event's head.</param>
    /// <param name="isSelected">Whether the filter's labels select its execution.</param>
    public bool EndsWith(EventHead head, bool isSelected)
    {
        if (_open is null)
        {
            return false;
        }

        if (_isCrowded)
        {
            _endsAtLeast -= head.Ends ? 1 : 0;
            return false;
        }

        if (head.Begins && isSelected && !_isNamed && _open.Add(head.ExecutionId) && _open.Count > MaxHeld)
        {
            Crowd();
        }

        return head.Ends && _open.Remove(head.ExecutionId) && _open.Count == 0;
    }

    private void Crowd()
    {
        _open!.Clear();
        _isCrowded = true;
        _endsAtLeast = MaxHeld + 1;
    }
}
