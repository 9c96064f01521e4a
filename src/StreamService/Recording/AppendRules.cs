using Google.Protobuf.WellKnownTypes;
using Jobwatch.StreamService.Errors;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Recording;

/// <summary>What an append has to be. All that is wrong is told at once, each by its path in the request.</summary>
internal static class AppendRules
{
    /// <summary>Throws what is wrong with the request.</summary>
    public static void Check(AppendEventsRequest request)
    {
        var violations = new Violations();
        violations.AddUnlessValid(request.JobId, "job_id");
        if (request.HasExpectedPosition && request.ExpectedPosition < 0)
        {
            violations.Add(
                Reasons.InvalidField, "expected_position",
                $"it is {request.ExpectedPosition}; it is the position of the job's last event, or 0 for a job without one.");
        }

        CheckEvents(request, violations);
        violations.ThrowIfAny();
    }

    private static void CheckEvents(AppendEventsRequest request, Violations violations)
    {
        if (request.Events.Count == 0)
        {
            violations.Add(Reasons.EmptyBatch, "events", "it is empty; a batch has 1 to 1000 events.");
        }
        else if (request.Events.Count > AppendLimits.Events)
        {
            violations.Add(
                Reasons.BatchTooLarge, "events",
                $"it has {request.Events.Count} events; a batch has 1 to {AppendLimits.Events}. Send the rest in further batches.");
            return;
        }

        var batchBytes = 0L;
        for (var i = 0; i < request.Events.Count; i++)
        {
            var bytes = request.Events[i].CalculateSize();
            batchBytes += bytes;
            if (batchBytes > AppendLimits.BatchBytes)
            {
                throw RpcErrors.RequestTooLarge();
            }

            if (!violations.IsFull)
            {
                CheckEvent(request.Events[i], bytes, request.JobId, $"events[{i}]", violations);
            }
        }
    }

    private static void CheckEvent(ExecutionEvent item, int bytes, string jobId, string path, Violations violations)
    {
        if (item.JobId.Length > 0 && item.JobId != jobId)
        {
            violations.Add(
                Reasons.InvalidField, $"{path}.job_id",
                $"it is '{Shown.Text(item.JobId)}'; a batch is for one job: leave it empty or give the request's job_id.");
        }

        if (item.ExecutionId.Length > 0)
        {
            violations.AddUnlessValid(item.ExecutionId, $"{path}.execution_id");
        }

        if (item.EventId.Length > 0 && !EventIds.IsValid(item.EventId))
        {
            violations.Add(
                Reasons.InvalidId, $"{path}.event_id",
                $"'{Shown.Text(item.EventId)}' is no UUID of 36 characters; send one, or leave it empty for the server to make it.");
        }

        if (item.OccurredAt is not null && !IsInRange(item.OccurredAt))
        {
            violations.Add(
                Reasons.InvalidField, $"{path}.occurred_at",
                $"it has {item.OccurredAt.Seconds} seconds and {item.OccurredAt.Nanos} nanos; "
                + "a timestamp is in the years 1 to 9999 and has 0 to 999999999 nanos.");
        }

        if (bytes > AppendLimits.EventBytes)
        {
            violations.Add(
                Reasons.EventTooLarge, path,
                $"it has {bytes} bytes; an event has at most {AppendLimits.EventBytes} (256 KB). Split it or keep the bulk elsewhere.");
        }

        PayloadRules.Check(item, path, violations);
    }

    private static bool IsInRange(Timestamp time) =>
        time.Seconds is >= -62135596800 and <= 253402300799 && time.Nanos is >= 0 and <= 999_999_999;
}
