using Jobwatch.StreamService.Journal;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Filters;

/// <summary>
/// An <see cref="EventFilter"/>, checked and made quick. All parts but the text decide on an event's head, without
/// decoding it. Labels belong to executions, and are decided with <see cref="LabelSelection"/>.
/// </summary>
internal sealed class CompiledFilter
{
    private readonly HashSet<string>? _executionIds;
    private readonly uint _payloads;
    private readonly uint _statuses;
    private readonly Jobwatch.V1.LogLevel _minLevel;
    private readonly string _text;

    private CompiledFilter(
        HashSet<string>? executionIds, uint payloads, uint statuses, Jobwatch.V1.LogLevel minLevel,
        IReadOnlyList<KeyValuePair<string, string>> labels, string text)
    {
        _executionIds = executionIds;
        _payloads = payloads;
        _statuses = statuses;
        _minLevel = minLevel;
        _text = text;
        Labels = labels;
    }

    /// <summary>The executions that are named; none if any will do.</summary>
    public IReadOnlyCollection<string> ExecutionIds => _executionIds ?? [];

    /// <summary>The statuses that are asked for; none if any will do.</summary>
    public IReadOnlyCollection<ExecutionStatus> Statuses => _statuses == 0 ? [] : [.. Enum.GetValues<ExecutionStatus>().Where(SelectsStatus)];

    /// <summary>What an execution has to carry.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Labels { get; }

    /// <summary>Checks and compiles; throws INVALID_FILTER, naming the field.</summary>
    public static CompiledFilter Compile(EventFilter? filter)
    {
        filter ??= new EventFilter();
        FilterRules.Check(filter);
        return new CompiledFilter(
            filter.ExecutionIds.Count == 0 ? null : new HashSet<string>(filter.ExecutionIds, StringComparer.Ordinal),
            filter.EventTypes.Aggregate(0u, (mask, name) =>
                mask | (PayloadNames.TryParse(name, out var payload) ? Bit(payload) : 0)),
            filter.Statuses.Aggregate(0u, (mask, status) => mask | Bit(status)),
            filter.MinLevel,
            [.. filter.Labels.Select(FilterRules.SplitLabel)],
            filter.Text);
    }

    /// <summary>This filter for one execution only.</summary>
    public CompiledFilter Of(string executionId) =>
        new(new HashSet<string>([executionId], StringComparer.Ordinal), _payloads, _statuses, _minLevel, Labels, _text);

    /// <summary>Whether no part of it looks at the execution.</summary>
    public bool SelectsAllExecutions => _executionIds is null && _statuses == 0 && Labels.Count == 0;

    /// <summary>Whether an execution of this id may be selected; its labels aside.</summary>
    public bool SelectsExecution(string executionId) => _executionIds is null || _executionIds.Contains(executionId);

    /// <summary>Whether a status is one of those asked for.</summary>
    public bool SelectsStatus(ExecutionStatus status) => _statuses == 0 || (_statuses & Bit(status)) != 0;

    /// <summary>Whether an execution carries all labels asked for.</summary>
    public bool SelectsLabels(IReadOnlyDictionary<string, string> labels)
    {
        foreach (var (key, value) in Labels)
        {
            if (!labels.TryGetValue(key, out var carried) || carried != value)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether an event passes the parts that look at the event itself; those about its execution aside.</summary>
    public bool SelectsEvent(StoredEvent stored)
    {
        var head = stored.Head;
        return (_payloads == 0 || (_payloads & Bit(head.Payload)) != 0)
            && SelectsStatus(head.Status)
            && (head.Payload != ExecutionEvent.PayloadOneofCase.LogWritten || head.Level >= _minLevel)
            && (_text.Length == 0 || EventTexts.Contain(stored, _text));
    }

    private static uint Bit(ExecutionEvent.PayloadOneofCase payload) =>
        1u << ((int)payload - ExecutionEvent.ExecutionQueuedFieldNumber);

    private static uint Bit(ExecutionStatus status) => 1u << (int)status;
}
