using System.Collections.Concurrent;
using Grpc.Core;
using Jobwatch.V1;

namespace Jobwatch.Clients.Tests.Scripted;

/// <summary>Each append is one act; the requests are kept. With no act left it acknowledges.</summary>
internal sealed class ScriptedRecords : RecordService.RecordServiceBase
{
    internal ConcurrentQueue<Func<ServerCallContext, Task>> Acts { get; } = new();

    internal ConcurrentQueue<AppendEventsRequest> Requests { get; } = new();

    /// <summary>A node's refusal of a call that comes while it stops.</summary>
    internal static RpcException Draining => new Google.Rpc.Status
    {
        Code = (int)Google.Rpc.Code.Unavailable,
        Message = "scripted",
        Details = { Google.Protobuf.WellKnownTypes.Any.Pack(new Google.Rpc.ErrorInfo { Domain = "jobwatch", Reason = "DRAINING" }) },
    }.ToRpcException();

    /// <summary>What it refuses with when no act is left; null: it acknowledges.</summary>
    internal RpcException? Otherwise { get; set; }

    public override async Task<AppendEventsResponse> AppendEvents(AppendEventsRequest request, ServerCallContext context)
    {
        Requests.Enqueue(request);
        if (Acts.TryDequeue(out var act))
            await act(context);
        else if (Otherwise is { } refusal)
            throw refusal;
        return new AppendEventsResponse { Positions = { Enumerable.Range(1, request.Events.Count).Select(i => (long)i) }, Cursor = "c" };
    }

    internal void Refuse(StatusCode code) => Acts.Enqueue(_ => throw new RpcException(new Status(code, "scripted")));
}
