using Google.Protobuf;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Jobwatch.StreamService.Live;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Watching;

/// <summary>
/// Binds the WatchService's methods to frames: what goes out is copied into the response by <see cref="WatchOutput"/>, once serialized
/// for all watchers, instead of being serialized for each.
/// </summary>
internal sealed class WatchMethods : IServiceMethodProvider<WatchRpc>
{
    private const string Service = "jobwatch.v1.WatchService";

    private static readonly Marshaller<Frame> Frames = new(
        static (_, _) => throw new NotSupportedException("WatchOutput writes them."),
        static _ => throw new NotSupportedException("A frame is only written."));

    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<WatchRpc> context)
    {
        Add<WatchJobRequest>(context, "WatchJob", static (rpc, request, _, call) => rpc.WatchJobAsync(request, call));
        Add<WatchJobsRequest>(context, "WatchJobs", static (rpc, request, _, call) => rpc.WatchJobsAsync(request, call));
        Add<ReplayExecutionRequest>(
            context, "ReplayExecution", static (rpc, request, _, call) => rpc.ReplayExecutionAsync(request, call));
    }

    private static void Add<TRequest>(
        ServiceMethodProviderContext<WatchRpc> context, string name, ServerStreamingServerMethod<WatchRpc, TRequest, Frame> invoke)
        where TRequest : class, IMessage<TRequest>, new() =>
        context.AddServerStreamingMethod(
            new Method<TRequest, Frame>(MethodType.ServerStreaming, Service, name, Requests<TRequest>(), Frames), [], invoke);

    private static Marshaller<TRequest> Requests<TRequest>()
        where TRequest : class, IMessage<TRequest>, new()
    {
        var parser = new MessageParser<TRequest>(static () => new TRequest());
        return new Marshaller<TRequest>(
            static (_, _) => throw new NotSupportedException("A request is only read."),
            context => parser.ParseFrom(context.PayloadAsReadOnlySequence()));
    }
}
