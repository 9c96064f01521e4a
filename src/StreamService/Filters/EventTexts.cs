using Jobwatch.StreamService.Journal;
using Jobwatch.V1;
using Payload = Jobwatch.V1.ExecutionEvent.PayloadOneofCase;

namespace Jobwatch.StreamService.Filters;

/// <summary>The texts of an event that a filter's text is looked for in. The only part of a filter that decodes the event.</summary>
internal static class EventTexts
{
    public static bool Contain(StoredEvent stored, string text)
    {
        // Most events of most jobs are of kinds without a text; those need no decoding.
        if (stored.Head.Payload is Payload.ExecutionQueued or Payload.ExecutionStarted or Payload.ProgressReported
            or Payload.SummaryUpdated or Payload.ExecutionSucceeded)
        {
            return false;
        }

        var decoded = ExecutionEvent.Parser.ParseFrom(stored.Bytes.Span);
        return decoded.PayloadCase switch
        {
            Payload.StepStarted => Has(decoded.StepStarted.Step),
            Payload.StepFinished => Has(decoded.StepFinished.Step) || HasError(decoded.StepFinished.Error),
            Payload.LogWritten => Has(decoded.LogWritten.Text),
            Payload.ErrorRaised => Has(decoded.ErrorRaised.Code) || Has(decoded.ErrorRaised.Message) || Has(decoded.ErrorRaised.Detail),
            Payload.Custom => Has(decoded.Custom.Name),
            Payload.ExecutionFailed => HasError(decoded.ExecutionFailed.Error),
            Payload.ExecutionCancelled => Has(decoded.ExecutionCancelled.Reason),
            _ => false,
        };

        bool Has(string value) => value.Contains(text, StringComparison.OrdinalIgnoreCase);

        bool HasError(ExecutionError? error) =>
            error is not null && (Has(error.Code) || Has(error.Message) || Has(error.Detail));
    }
}
