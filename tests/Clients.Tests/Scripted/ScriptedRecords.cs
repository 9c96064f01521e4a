using System.Collections.Concurrent;
using Grpc.Core;
using Jobwatch.V1;

namespace Jobwatch.Clients.Tests.Scripted;

/// <summary>
/// Each append is one act, on a stream each batch; the requests are kept. With no act left it acknowledges. An event that it has
/// is not stored again.
/// </summary>
internal sealed class ScriptedRecords : RecordService.RecordServiceBase
{
    private readonly Lock _gate = new();
    private readonly List<ExecutionEvent> _stored = [];

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

    /// <summary>What is done with a batch of a stream before it is stored and after; for each a call of its own.</summary>
    internal Func<RecordEventsRequest, ServerCallContext, Task> BeforeStoring { get; set; } = (_, _) => Task.CompletedTask;

    internal Func<RecordEventsRequest, ServerCallContext, Task> AfterStoring { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>The refusal of a batch; null, as ever, for none.</summary>
    internal Func<RecordEventsRequest, Google.Rpc.Status?> Refuses { get; set; } = _ => null;

    /// <summary>Whether a batch is answered with no outcome; false, as ever, for none.</summary>
    internal Func<RecordEventsRequest, bool> SaysNothing { get; set; } = _ => false;

    /// <summary>How many streams were begun.</summary>
    internal int Streams { get; private set; }

    /// <summary>How many of them have ended.</summary>
    internal int StreamsEnded { get; private set; }

    /// <summary>What is stored, in its order.</summary>
    internal IReadOnlyList<ExecutionEvent> Stored
    {
        get
        {
            lock (_gate)
                return [.. _stored];
        }
    }

    public override async Task<AppendEventsResponse> AppendEvents(AppendEventsRequest request, ServerCallContext context)
    {
        Requests.Enqueue(request);
        if (Acts.TryDequeue(out var act))
            await act(context);
        else if (Otherwise is { } refusal)
            throw refusal;
        return Store(request);
    }

    public override async Task RecordEvents(
        IAsyncStreamReader<RecordEventsRequest> requestStream, IServerStreamWriter<RecordEventsResponse> responseStream,
        ServerCallContext context)
    {
        Streams++;
        try
        {
            while (await requestStream.MoveNext())
                await responseStream.WriteAsync(await AnswerAsync(requestStream.Current, context));
        }
        finally
        {
            StreamsEnded++;
        }
    }

    internal void Refuse(StatusCode code) => Acts.Enqueue(_ => throw new RpcException(new Status(code, "scripted")));

    private async Task<RecordEventsResponse> AnswerAsync(RecordEventsRequest request, ServerCallContext context)
    {
        Requests.Enqueue(request.Batch);
        if (Acts.TryDequeue(out var act))
            await act(context);
        await BeforeStoring(request, context);
        if (Refuses(request) is { } refusal)
            return new RecordEventsResponse { Sequence = request.Sequence, Error = refusal };
        var answer = Store(request.Batch);
        await AfterStoring(request, context);
        if (SaysNothing(request))
            return new RecordEventsResponse { Sequence = request.Sequence };
        return new RecordEventsResponse { Sequence = request.Sequence, Appended = answer };
    }

    private AppendEventsResponse Store(AppendEventsRequest request)
    {
        var answer = new AppendEventsResponse { Cursor = "c" };
        lock (_gate)
        {
            foreach (var one in request.Events)
            {
                var at = one.EventId.Length == 0 ? -1 : _stored.FindIndex(stored => stored.EventId == one.EventId);
                if (at < 0)
                {
                    _stored.Add(one);
                    at = _stored.Count - 1;
                }

                answer.Positions.Add(at + 1);
            }
        }

        return answer;
    }
}
