using Jobwatch.StreamService.Filters;
using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Watching;

/// <summary>
/// Knows when a watch that is to end with its executions ends: with the last of those that were named, or if none was
/// named, with the event after which no execution that the filter's labels select is open.
/// </summary>
internal sealed class EndCondition
{
    private readonly HashSet<string>? _open;
    private readonly bool _isNamed;

    private EndCondition(HashSet<string>? open, bool isNamed)
    {
        _open = open;
        _isNamed = isNamed;
    }

    /// <summary>Whether all named executions have ended.</summary>
    public bool AllNamedEnded => _isNamed && IsNothingOpen;

    /// <summary>Whether nothing is open that the watch could end with.</summary>
    public bool IsNothingOpen => _open is { Count: 0 };

    /// <summary>Whether the watch ends with this execution, among others perhaps, and it is open yet.</summary>
    public bool Names(string executionId) => _isNamed && _open?.Contains(executionId) == true;

    /// <summary>For a job that isn't there.</summary>
    public static EndCondition Before(WatchOrder order) =>
        new(order.UntilEnd ? new HashSet<string>(order.Targets, StringComparer.Ordinal) : null, order.Targets.Count > 0);

    /// <summary>As it stands after the event at a position. A named execution that isn't there yet counts as open.</summary>
    public static async Task<EndCondition> AtAsync(
        WatchOrder order, JobLog log, long position, LabelSelection labels, CatalogReader catalog, CancellationToken cancellation)
    {
        var condition = Before(order);
        if (condition._open is not { } open)
        {
            return condition;
        }

        if (!condition._isNamed)
        {
            var began = await catalog.OpenExecutionsAsync(log, position, cancellation);
            open.UnionWith(await labels.SelectedAtAsync(began, position, cancellation));
            return condition;
        }

        foreach (var record in await catalog.FindExecutionsAsync(log, order.Targets, cancellation))
        {
            if (ExecutionLife.HasEnded(record.Execution.Status) && record.Execution.LastPosition <= position)
            {
                open.Remove(record.Execution.ExecutionId);
            }
        }

        return condition;
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

        if (head.Begins && isSelected && !_isNamed)
        {
            _open.Add(head.ExecutionId);
        }

        return head.Ends && _open.Remove(head.ExecutionId) && _open.Count == 0;
    }
}
