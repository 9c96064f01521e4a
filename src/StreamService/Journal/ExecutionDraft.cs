using Google.Protobuf;
using Jobwatch.V1;
using Payload = Jobwatch.V1.ExecutionEvent.PayloadOneofCase;

namespace Jobwatch.StreamService.Journal;

/// <summary>An execution while a commit adds events to it: what the catalog will say of it afterwards.</summary>
internal sealed class ExecutionDraft
{
    // What a remembered execution may weigh: its error and summary come from producers.
    private const int RememberedBytes = 4096;

    private readonly Execution _state;
    private bool _isWeighed;
    private bool _detailsChanged;
    private bool _labelsChanged;

    private ExecutionDraft(Execution state, long labelsPosition, bool isNew)
    {
        _state = state;
        LabelsPosition = labelsPosition;
        IsNew = isNew;
    }

    public static ExecutionDraft New(string jobId, string executionId) =>
        new(new Execution { JobId = jobId, ExecutionId = executionId }, labelsPosition: 0, isNew: true);

    public static ExecutionDraft Load(ExecutionRecord record) => new(record.Execution, record.LabelsPosition, isNew: false);

    public bool IsNew { get; private set; }

    public bool IsTouched { get; private set; }

    public string Id => _state.ExecutionId;

    public ExecutionStatus Status => _state.Status;

    public long FirstPosition => _state.FirstPosition;

    public long LastPosition => _state.LastPosition;

    public long? EndedPosition => ExecutionLife.HasEnded(Status) ? LastPosition : null;

    public long LabelsPosition { get; private set; }

    /// <summary>The labels as JSON, or null if they did not change.</summary>
    public string? NewLabels() => !_labelsChanged
        ? null
        : System.Text.Json.JsonSerializer.Serialize(_state.Labels.OrderBy(label => label.Key, StringComparer.Ordinal).ToDictionary());

    /// <summary>Folds an event in. The caller has asked <see cref="ExecutionLife.Allows"/> and has set position and recording time.</summary>
    public void Apply(ExecutionEvent added)
    {
        IsTouched = true;
        if (ExecutionLife.BeginsAttempt(Status, added.PayloadCase))
        {
            BeginAttempt();
        }

        _state.Status = ExecutionLife.After(Status, added.PayloadCase);
        _state.LastPosition = added.Position;
        _state.UpdateTime = added.RecordedAt;
        _state.EventCount++;
        _state.EventCounts[added.Type] = _state.EventCounts.TryGetValue(added.Type, out var count) ? count + 1 : 1;
        if (_state.FirstPosition == 0)
        {
            _state.FirstPosition = added.Position;
            _state.CreateTime = added.RecordedAt;
        }

        ApplyPayload(added);
        if (ExecutionLife.HasEnded(Status))
        {
            _state.EndTime = added.OccurredAt;
            _state.CurrentStep = "";
        }
    }

    /// <summary>The state but for <see cref="DetailBytes"/>; put together, the two are the protobuf bytes of an Execution.</summary>
    public byte[] StateBytes()
    {
        var (error, summary) = (_state.LastError, _state.Summary);
        (_state.LastError, _state.Summary) = (null, null);
        var bytes = _state.ToByteArray();
        (_state.LastError, _state.Summary) = (error, summary);
        return bytes;
    }

    /// <summary>The last error and the summary, or null if they did not change.</summary>
    public byte[]? DetailBytes() => _detailsChanged
        ? new Execution { LastError = _state.LastError, Summary = _state.Summary }.ToByteArray()
        : null;

    /// <summary>After the commit: makes it ready for the next one, or says that it isn't worth remembering.</summary>
    public bool TrySettle()
    {
        // What was only read may be as large as what was changed.
        var isToBeWeighed = IsTouched || !_isWeighed;
        (IsTouched, IsNew, _detailsChanged, _labelsChanged, _isWeighed) = (false, false, false, false, true);
        return !ExecutionLife.HasEnded(Status) && (!isToBeWeighed || _state.CalculateSize() <= RememberedBytes);
    }

    private void BeginAttempt()
    {
        _state.Attempt++;
        _state.StartTime = null;
        _state.Progress = null;
        _state.CurrentStep = "";
    }

    private void ApplyPayload(ExecutionEvent added)
    {
        switch (added.PayloadCase)
        {
            case Payload.ExecutionStarted:
                _state.StartTime = added.OccurredAt;
                _state.Worker = added.ExecutionStarted.Worker;
                if (_state.Labels.Count == 0 && added.ExecutionStarted.Labels.Count > 0)
                {
                    _state.Labels.Add(added.ExecutionStarted.Labels);
                    LabelsPosition = added.Position;
                    _labelsChanged = true;
                }

                break;
            case Payload.StepStarted:
                _state.CurrentStep = added.StepStarted.Step;
                break;
            case Payload.StepFinished:
                _state.CurrentStep = _state.CurrentStep == added.StepFinished.Step ? "" : _state.CurrentStep;
                SetError(added.StepFinished.Error);
                break;
            case Payload.ProgressReported:
                _state.Progress = added.ProgressReported;
                break;
            case Payload.ErrorRaised:
                var raised = added.ErrorRaised;
                SetError(new ExecutionError { Code = raised.Code, Message = raised.Message, Detail = raised.Detail });
                break;
            case Payload.ExecutionFailed:
                SetError(added.ExecutionFailed.Error);
                break;
            case Payload.SummaryUpdated:
                SetSummary(added.SummaryUpdated.Summary);
                break;
            case Payload.ExecutionSucceeded:
                SetSummary(added.ExecutionSucceeded.Summary);
                break;
        }
    }

    private void SetError(ExecutionError? error)
    {
        _detailsChanged |= error is not null;
        _state.LastError = error ?? _state.LastError;
    }

    private void SetSummary(Google.Protobuf.WellKnownTypes.Struct? summary)
    {
        _detailsChanged |= summary is not null;
        _state.Summary = summary ?? _state.Summary;
    }
}
