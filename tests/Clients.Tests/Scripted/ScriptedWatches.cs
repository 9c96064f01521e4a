using System.Collections.Concurrent;
using Grpc.Core;
using Jobwatch.V1;

namespace Jobwatch.Clients.Tests.Scripted;

/// <summary>Each watch is one act; the requests are kept.</summary>
internal sealed class ScriptedWatches : WatchService.WatchServiceBase
{
    internal ConcurrentQueue<Func<IServerStreamWriter<WatchJobResponse>, ServerCallContext, Task>> Acts { get; } = new();

    internal ConcurrentQueue<WatchJobRequest> Requests { get; } = new();

    internal ConcurrentQueue<Metadata> Headers { get; } = new();

    /// <summary>What it refuses with when no act is left.</summary>
    internal StatusCode Otherwise { get; set; } = StatusCode.FailedPrecondition;

    public override async Task WatchJob(
        WatchJobRequest request, IServerStreamWriter<WatchJobResponse> responseStream, ServerCallContext context)
    {
        Requests.Enqueue(request);
        Headers.Enqueue(context.RequestHeaders);
        if (!Acts.TryDequeue(out var act))
            throw new RpcException(new Status(Otherwise, "The script is over."));
        await act(responseStream, context);
    }

    internal ConcurrentQueue<WatchJobsResponse[]> ManyActs { get; } = new();

    internal ConcurrentQueue<WatchJobsRequest> ManyRequests { get; } = new();

    public override Task WatchJobs(
        WatchJobsRequest request, IServerStreamWriter<WatchJobsResponse> responseStream, ServerCallContext context)
    {
        ManyRequests.Enqueue(request);
        return SendNextAsync(ManyActs, responseStream);
    }

    internal ConcurrentQueue<ReplayExecutionResponse[]> ReplayActs { get; } = new();

    public override Task ReplayExecution(
        ReplayExecutionRequest request, IServerStreamWriter<ReplayExecutionResponse> responseStream, ServerCallContext context) =>
        SendNextAsync(ReplayActs, responseStream);

    /// <summary>An act that sends these and ends with a status.</summary>
    internal void Send(StatusCode end, params WatchJobResponse[] messages) => Acts.Enqueue(async (stream, context) =>
    {
        await context.WriteResponseHeadersAsync(new Metadata { { "jobwatch-last-event-id", "c0" } });
        foreach (var message in messages)
            await stream.WriteAsync(message);
        if (end != StatusCode.OK)
            throw new RpcException(new Status(end, "scripted"));
    });

    internal static WatchJobResponse Event(long position, string execution = "e", ExecutionStatus status = ExecutionStatus.Running) => new()
    {
        Cursor = $"c{position}",
        Event = new ExecutionEvent { JobId = "j", ExecutionId = execution, Position = position, Status = status },
    };

    // Sends the messages of the next act. All but the last act end with UNAVAILABLE.
    private static async Task SendNextAsync<TMessage>(ConcurrentQueue<TMessage[]> acts, IServerStreamWriter<TMessage> responseStream)
    {
        Assert.True(acts.TryDequeue(out var messages), "The script is over.");
        foreach (var message in messages)
            await responseStream.WriteAsync(message);
        if (!acts.IsEmpty)
            throw new RpcException(new Status(StatusCode.Unavailable, "scripted"));
    }
}
