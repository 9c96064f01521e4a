using Grpc.Core;
using Jobwatch.StreamService.Errors;
using Jobwatch.StreamService.Tenancy;
using Jobwatch.V1;
using Microsoft.AspNetCore.Http.Features;

namespace Jobwatch.StreamService.Watching;

/// <summary>
/// The WatchService. It is not of the generated base class: its messages are frames that are serialized already
/// (<see cref="WatchMethods"/>).
/// </summary>
internal sealed class WatchRpc(WatchRoom room)
{
    private static readonly TimeSpan RefusedDelay = TimeSpan.FromSeconds(1);

    public Task WatchJobAsync(WatchJobRequest request, ServerCallContext context) =>
        RunAsync(WatchOrder.From(request, context.GetHttpContext().Tenant()), context);

    public Task ReplayExecutionAsync(ReplayExecutionRequest request, ServerCallContext context) =>
        RunAsync(WatchOrder.From(request, context.GetHttpContext().Tenant(), room.Time), context);

    /// <summary>Not available yet: UNIMPLEMENTED.</summary>
    public static Task WatchJobsAsync(WatchJobsRequest request, ServerCallContext context) =>
        throw RpcErrors.Unimplemented("WatchJobs is not available on this server; watch each job with WatchJob.");

    private async Task RunAsync(WatchOrder order, ServerCallContext context)
    {
        if (room.Farewell.HasBegun)
        {
            throw RpcErrors.Unavailable(
                Reasons.Draining, "This node is shutting down: send the call to another one, or here again later.", room.Farewell.NextDelay());
        }

        if (!room.TryEnter())
        {
            throw RpcErrors.ResourceExhausted(
                Reasons.TooManyWatches,
                $"This node serves {room.Options.MaxWatches} watches at a time (Watching:MaxWatches), and has as many: try later, or another node.",
                RefusedDelay);
        }

        try
        {
            var http = context.GetHttpContext();
            using var cut = room.Farewell.IsOverdue.UnsafeRegister(static http => ((HttpContext)http!).Abort(), http);
            using var stall = new StallGuard(room.Time, room.Options.StallTimeout, () => Reset(http, order));
            using var output = new WatchOutput(context, room.Time, room.Options.HeartbeatInterval, stall, room.Metrics);
            using var watch = new Watch(order, room, output, context.CancellationToken);
            await watch.RunAsync();
        }
        finally
        {
            room.Leave();
        }
    }

    // CANCEL of this one stream, as HTTP/2 numbers it: clients take it for a break and go on by their cursor.
    private void Reset(HttpContext http, WatchOrder order)
    {
        const int cancel = 8;
        Log.Stalled(room.Logger, order.Job.JobId, room.Options.StallTimeout);
        room.Metrics.Stalled();
        http.Features.GetRequiredFeature<IHttpResetFeature>().Reset(cancel);
    }
}
