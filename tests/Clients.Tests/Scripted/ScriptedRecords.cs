using System.Collections.Concurrent;
using Grpc.Core;
using Jobwatch.V1;

namespace Jobwatch.Clients.Tests.Scripted;

/// <summary>Each append is one act; the requests are kept. With no act left it acknowledges.</summary>
internal sealed class ScriptedRecords : RecordService.RecordServiceBase
{
    internal ConcurrentQueue<Func<ServerCallContext, Task>> Acts { get; } = new();

    internal ConcurrentQueue<AppendEventsRequest> Requests { get; } = new();

    public override async Task<AppendEventsResponse> AppendEvents(AppendEventsRequest request, ServerCallContext context)
    {
        Requests.Enqueue(request);
        if (Acts.TryDequeue(out var act))
            await act(context);
        return new AppendEventsResponse { Positions = { Enumerable.Range(1, request.Events.Count).Select(i => (long)i) }, Cursor = "c" };
    }

    internal void Refuse(StatusCode code) => Acts.Enqueue(_ => throw new RpcException(new Status(code, "scripted")));
}
