using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Jobwatch.StreamService.Errors;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Tenancy;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Recording;

/// <summary>RecordService: checks a batch, fills in what the producer left out, and hands it to the journal.</summary>
internal sealed class RecordRpc(JournalWriter journal, TimeProvider time, Metrics metrics) : RecordService.RecordServiceBase
{
    public override async Task<AppendEventsResponse> AppendEvents(AppendEventsRequest request, ServerCallContext context)
    {
        AppendRules.Check(request);
        foreach (var item in request.Events)
        {
            Complete(item);
        }

        var batch = new AppendBatch(
            new JobKey(context.GetHttpContext().Tenant(), request.JobId), request.Events,
            request.HasExpectedPosition ? request.ExpectedPosition : null);
        var outcome = await journal.AppendAsync(batch, context.CancellationToken);
        metrics.Answered(outcome, request.Events.Count);
        return outcome is AppendOutcome.Appended appended ? Answers.Of(appended) : throw Answers.Refusal(outcome);
    }

    public override Task RecordEvents(
        IAsyncStreamReader<RecordEventsRequest> requestStream, IServerStreamWriter<RecordEventsResponse> responseStream,
        ServerCallContext context) =>
        throw RpcErrors.Unimplemented("RecordEvents is not offered by this server: append with AppendEvents, one batch a call.");

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
