using Grpc.Core;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Tenancy;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Recording;

/// <summary>RecordService: takes batches in and hands them to the journal, one a call or many on a stream.</summary>
internal sealed class RecordRpc(RecordRoom room) : RecordService.RecordServiceBase
{
    public override async Task<AppendEventsResponse> AppendEvents(AppendEventsRequest request, ServerCallContext context)
    {
        var batch = room.Intake.Take(context.GetHttpContext().Tenant(), request);
        var outcome = await room.Journal.AppendAsync(batch, context.CancellationToken);
        room.Metrics.Answered(outcome, request.Events.Count);
        return outcome is AppendOutcome.Appended appended ? Answers.Of(appended) : throw Answers.Refusal(outcome);
    }

    public override async Task RecordEvents(
        IAsyncStreamReader<RecordEventsRequest> requestStream, IServerStreamWriter<RecordEventsResponse> responseStream,
        ServerCallContext context)
    {
        var http = context.GetHttpContext();
        using var cut = room.IsOverdue.UnsafeRegister(static http => ((HttpContext)http!).Abort(), http);
        var stream = new RecordStream(requestStream, responseStream, http.Tenant(), room, context.CancellationToken);
        room.Metrics.StreamBegan();
        try
        {
            await stream.RunAsync();
        }
        finally
        {
            room.Metrics.StreamEnded();
        }
    }
}
