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

    public Task WatchJobsAsync(WatchJobsRequest request, ServerCallContext context)
    {
        var order = JobsOrder.From(request, context.GetHttpContext().Tenant());
        return RunAsync(context, $"tenant {order.Tenant}", async output =>
        {
            await using var watch = new JobsWatch(order, room, output, context.CancellationToken);
            await watch.RunAsync();
        });
    }

    public Task ReplayExecutionAsync(ReplayExecutionRequest request, ServerCallContext context) =>
        RunAsync(WatchOrder.From(request, context.GetHttpContext().Tenant(), room.Time), context);

    private Task RunAsync(WatchOrder order, ServerCallContext context) =>
        RunAsync(context, order.Job.JobId, async output =>
        {
            using var watch = new Watch(order, room, output, context.CancellationToken);
            await watch.RunAsync();
        });

    private async Task RunAsync(ServerCallContext context, string what, Func<WatchOutput, Task> run)
    {
        if (room.Farewell.HasBegun)
        {
            throw room.Farewell.Refusal();
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
            using var stall = new StallGuard(room.Time, room.Options.StallTimeout, () => Reset(http, what));
            using var output = new WatchOutput(context, room.Time, room.Options.HeartbeatInterval, stall, room.Metrics);
            await run(output);
        }
        finally
        {
            room.Leave();
        }
    }

    // CANCEL of this one stream, as HTTP/2 numbers it: clients take it for a break and go on by their cursor.
    private void Reset(HttpContext http, string what)
    {
        const int cancel = 8;
        Log.Stalled(room.Logger, what, room.Options.StallTimeout);
        room.Metrics.Stalled();
        http.Features.GetRequiredFeature<IHttpResetFeature>().Reset(cancel);
    }
}
