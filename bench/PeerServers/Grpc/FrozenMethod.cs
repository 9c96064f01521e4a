using System.Buffers;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;

namespace Jobwatch.Bench.PeerServers.Grpc;

/// <summary>Binds the method to bytes: what goes out is copied, not serialized.</summary>
internal sealed class FrozenMethod : IServiceMethodProvider<FrozenWatches>
{
    private static readonly Marshaller<byte[]> Bytes = new(
        static (message, context) =>
        {
            context.SetPayloadLength(message.Length);
            context.GetBufferWriter().Write(message);
            context.Complete();
        },
        static context => context.PayloadAsNewBuffer());

    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<FrozenWatches> context) =>
        context.AddServerStreamingMethod(
            new Method<byte[], byte[]>(MethodType.ServerStreaming, "bench.Frozen", "Watch", Bytes, Bytes),
            [],
            static (service, request, stream, call) => service.WatchAsync(request, stream, call));
}
