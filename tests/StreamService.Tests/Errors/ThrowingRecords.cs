using Grpc.Core;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Tests.Errors;

/// <summary>A handler that fails as a test says, in all kinds of methods.</summary>
internal sealed class ThrowingRecords(Func<ServerCallContext, Task> fail) : RecordService.RecordServiceBase
{
    public override async Task<AppendEventsResponse> AppendEvents(AppendEventsRequest request, ServerCallContext context)
    {
        await fail(context);
        return new AppendEventsResponse();
    }

    public override Task RecordEvents(
        IAsyncStreamReader<RecordEventsRequest> requestStream, IServerStreamWriter<RecordEventsResponse> responseStream,
        ServerCallContext context) => fail(context);
}
