using Grpc.Core;
using Jobwatch.V1;

namespace Jobwatch.Testing.Producing;

/// <summary>AppendEvents at the node.</summary>
internal sealed class UnaryAppender(RecordService.RecordServiceClient records, bool breaksExpected) : Appender(breaksExpected)
{
    public override async Task<AppendEventsResponse?> TryAsync(PlannedAppend append, CancellationToken cancel)
    {
        try
        {
            var request = new AppendEventsRequest { JobId = append.JobId, Events = { append.Events } };
            return await records.AppendEventsAsync(request, cancellationToken: cancel);
        }
        catch (RpcException refused) when (refused.StatusCode == StatusCode.FailedPrecondition)
        {
            return null;
        }
    }
}
