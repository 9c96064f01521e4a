using Grpc.Core;
using Jobwatch.StreamService.Errors;
using Jobwatch.StreamService.Tenancy;
using Jobwatch.V1;

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
        return RunAsync(context, async output =>
        {
            await using var watch = new JobsWatch(order, room, output, context.CancellationToken);
            await watch.RunAsync();
        });
    }

    public Task ReplayExecutionAsync(ReplayExecutionRequest request, ServerCallContext context) =>
        RunAsync(WatchOrder.From(request, context.GetHttpContext().Tenant(), room.Time), context);

    private Task RunAsync(WatchOrder order, ServerCallContext context) =>
        RunAsync(context, async output =>
        {
            using var watch = new Watch(order, room, output, context.CancellationToken);
            await watch.RunAsync();
        });

    private async Task RunAsync(ServerCallContext context, Func<WatchOutput, Task> run)
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
            using var output = new WatchOutput(context, room.Time, room.Options.HeartbeatInterval, room.Metrics);
            await run(output);
        }
        finally
        {
            room.Leave();
        }
    }
}
