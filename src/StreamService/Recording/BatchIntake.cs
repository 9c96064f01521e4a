using Google.Protobuf.WellKnownTypes;
using Jobwatch.StreamService.Journal;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Recording;

/// <summary>Checks a producer's batch and fills in what was left out.</summary>
internal sealed class BatchIntake(TimeProvider time)
{
    /// <summary>Throws what is wrong with the batch.</summary>
    public AppendBatch Take(string tenant, AppendEventsRequest request)
    {
        AppendRules.Check(request);
        foreach (var item in request.Events)
        {
            Complete(item);
        }

        return new AppendBatch(
            new JobKey(tenant, request.JobId), request.Events, request.HasExpectedPosition ? request.ExpectedPosition : null);
    }

    private void Complete(ExecutionEvent item)
    {
        item.Position = 0;
        item.Type = "";
        item.Status = ExecutionStatus.Unspecified;
        item.RecordedAt = null;
        var now = StoreTime.Now(time);
        item.EventId = item.EventId.Length > 0 ? item.EventId.ToLowerInvariant() : Guid.CreateVersion7(now).ToString();
        item.OccurredAt ??= Timestamp.FromDateTimeOffset(now);
    }
}
