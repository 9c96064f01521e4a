using Jobwatch.V1;
using Payload = Jobwatch.V1.ExecutionEvent.PayloadOneofCase;

namespace Jobwatch.Testing.Oracle;

/// <summary>What a filter selects of a log, as the protos' comments say it; whole logs in memory, no cleverness.</summary>
internal static class Selection
{
    public static IReadOnlyList<ExecutionEvent> Of(IReadOnlyList<ExecutionEvent> log, EventFilter filter, long after = 0)
    {
        var job = ToldJob.Of(log);
        return [.. log.Where(item => item.Position > after && IsSelected(item, filter, job.Executions[item.ExecutionId]))];
    }

    private static bool IsSelected(ExecutionEvent item, EventFilter filter, ToldExecution execution)
    {
        if (filter.ExecutionIds.Count > 0 && !filter.ExecutionIds.Contains(item.ExecutionId))
            return false;
        if (filter.EventTypes.Count > 0 && !filter.EventTypes.Contains(NameOf(item.PayloadCase)))
            return false;
        if (filter.Statuses.Count > 0 && !filter.Statuses.Contains(item.Status))
            return false;
        if (item.PayloadCase == Payload.LogWritten && item.LogWritten.Level < filter.MinLevel)
            return false;
        if (filter.Text.Length > 0 && !TextsOf(item).Any(text => text.Contains(filter.Text, StringComparison.OrdinalIgnoreCase)))
            return false;
        return filter.Labels.Count == 0
            || (execution.LabelsPosition > 0 && item.Position >= execution.LabelsPosition
                && filter.Labels.All(wanted => execution.Labels.Any(label => $"{label.Key}={label.Value}" == wanted)));
    }

    private static string NameOf(Payload payload) => payload switch
    {
        Payload.ExecutionQueued => "execution_queued",
        Payload.ExecutionStarted => "execution_started",
        Payload.StepStarted => "step_started",
        Payload.StepFinished => "step_finished",
        Payload.ProgressReported => "progress_reported",
        Payload.LogWritten => "log_written",
        Payload.ErrorRaised => "error_raised",
        Payload.SummaryUpdated => "summary_updated",
        Payload.Custom => "custom",
        Payload.ExecutionSucceeded => "execution_succeeded",
        Payload.ExecutionFailed => "execution_failed",
        Payload.ExecutionCancelled => "execution_cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(payload), payload, "No payload of an event."),
    };

    private static IEnumerable<string> TextsOf(ExecutionEvent item) => item.PayloadCase switch
    {
        Payload.StepStarted => [item.StepStarted.Step],
        Payload.StepFinished => [item.StepFinished.Step, .. TextsOf(item.StepFinished.Error)],
        Payload.LogWritten => [item.LogWritten.Text],
        Payload.ErrorRaised => [item.ErrorRaised.Code, item.ErrorRaised.Message, item.ErrorRaised.Detail],
        Payload.Custom => [item.Custom.Name],
        Payload.ExecutionFailed => TextsOf(item.ExecutionFailed.Error),
        Payload.ExecutionCancelled => [item.ExecutionCancelled.Reason],
        _ => [],
    };

    private static IEnumerable<string> TextsOf(ExecutionError? error) => error is null ? [] : [error.Code, error.Message, error.Detail];
}
