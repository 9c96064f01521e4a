using Jobwatch.StreamService.Journal;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Filters;

/// <summary>
/// Decides which events of a log a filter's labels select: those from the event on that gave their execution its labels,
/// if the labels are the right ones. Holds what it learnt of executions, so that each is asked for once. It gives
/// the same answers wherever in the log one begins.
/// </summary>
/// <param name="filter">Has the labels.</param>
/// <param name="catalog">Knows the executions.</param>
/// <param name="log">Whose events are decided on.</param>
/// <param name="generation">
/// Executions of one generation; two are remembered. Those that are forgotten are asked for again: the catalog then has
/// what was learnt from an event, since the commit of the event wrote it.
/// </param>
internal sealed class LabelSelection(
    CompiledFilter filter, CatalogReader catalog, JobLog log, int generation = LabelSelection.ManyExecutions)
{
    /// <summary>A generation for a watch of one job.</summary>
    public const int ManyExecutions = 1000;

    /// <summary>A generation for each job of a watch of many.</summary>
    public const int FewExecutions = 16;

    /// <summary>The catalog has no labels of the execution: it may get some later.</summary>
    private const long NoLabels = 0;

    /// <summary>The execution has other labels than those wanted, for good.</summary>
    private const long NotSelected = long.MaxValue;

    // From which position on an execution's events are selected.
    private Dictionary<string, long> _selectedFrom = new(StringComparer.Ordinal);
    private Dictionary<string, long> _older = [];

    public bool IsNeeded => filter.Labels.Count > 0;

    /// <summary>Whether <see cref="Selects"/> can be asked about the execution.</summary>
    public bool Knows(string executionId) => !IsNeeded || Recalls(executionId);

    /// <summary>Asks the catalog for those of the executions that are not known, in one query.</summary>
    public async Task LearnAsync(IEnumerable<string> executionIds, CancellationToken cancellation)
    {
        if (!IsNeeded)
        {
            return;
        }

        if (_selectedFrom.Count >= generation)
        {
            (_older, _selectedFrom) = (_selectedFrom, new Dictionary<string, long>(StringComparer.Ordinal));
        }

        var unknown = executionIds.Where(id => !Recalls(id)).ToHashSet(StringComparer.Ordinal);
        if (unknown.Count == 0)
        {
            return;
        }

        foreach (var record in await catalog.FindExecutionsAsync(log, unknown, cancellation))
        {
            _selectedFrom[record.Execution.ExecutionId] = record.LabelsPosition == 0 ? NoLabels
                : filter.SelectsLabels(record.Execution.Labels) ? record.LabelsPosition
                : NotSelected;
            unknown.Remove(record.Execution.ExecutionId);
        }

        foreach (var executionId in unknown)
        {
            _selectedFrom[executionId] = NoLabels;
        }
    }

    /// <summary>Whether an event is selected; the events of a log have to come in their order.</summary>
    public bool Selects(StoredEvent stored)
    {
        if (!IsNeeded)
        {
            return true;
        }

        var executionId = stored.Head.ExecutionId;
        var from = _selectedFrom[executionId];
        if (from == NoLabels && stored.Head.Payload == ExecutionEvent.PayloadOneofCase.ExecutionStarted)
        {
            // The catalog was asked later than this event was written, or knew none of the execution's labels then:
            // so the first ones that come by are the ones that hold.
            var labels = ExecutionEvent.Parser.ParseFrom(stored.Bytes.Span).ExecutionStarted.Labels;
            from = labels.Count == 0 ? NoLabels : filter.SelectsLabels(labels) ? stored.Position : NotSelected;
            _selectedFrom[executionId] = from;
        }

        return from != NoLabels && stored.Position >= from;
    }

    // Whether it is remembered, in the younger generation from now on.
    private bool Recalls(string executionId)
    {
        if (_selectedFrom.ContainsKey(executionId))
        {
            return true;
        }

        if (!_older.Remove(executionId, out var from))
        {
            return false;
        }

        _selectedFrom[executionId] = from;
        return true;
    }
}
