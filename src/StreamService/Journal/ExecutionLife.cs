using Jobwatch.V1;
using Payload = Jobwatch.V1.ExecutionEvent.PayloadOneofCase;

namespace Jobwatch.StreamService.Journal;

/// <summary>
/// The life of an execution: queued or started, then anything, then one end. Queued or started again is a new attempt,
/// but for the start that a queued attempt waits for.
/// </summary>
internal static class ExecutionLife
{
    public static bool HasEnded(ExecutionStatus status) => status >= ExecutionStatus.Succeeded;

    /// <summary>Whether the event may follow on the status; unspecified stands for an execution that isn't there.</summary>
    public static bool Allows(ExecutionStatus status, Payload payload) => status == ExecutionStatus.Unspecified
        ? payload is Payload.ExecutionQueued or Payload.ExecutionStarted
        : !HasEnded(status);

    /// <summary>The status after the event.</summary>
    public static ExecutionStatus After(ExecutionStatus status, Payload payload) => payload switch
    {
        Payload.ExecutionQueued => ExecutionStatus.Queued,
        Payload.ExecutionStarted => ExecutionStatus.Running,
        Payload.ExecutionSucceeded => ExecutionStatus.Succeeded,
        Payload.ExecutionFailed => ExecutionStatus.Failed,
        Payload.ExecutionCancelled => ExecutionStatus.Cancelled,
        _ => status,
    };

    /// <summary>Whether the event begins a new attempt.</summary>
    public static bool BeginsAttempt(ExecutionStatus status, Payload payload) =>
        payload is Payload.ExecutionQueued
        || (payload is Payload.ExecutionStarted && status is not ExecutionStatus.Queued);
}
