using Grpc.AspNetCore.Server.Model;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Jobwatch.Bench.PeerServers.Grpc;

/// <summary>grpc-dotnet on Kestrel with the node's limits, and nothing behind it: the most that streams of this size can be.</summary>
internal static class FrozenEndpoints
{
    private const int StreamsPerConnection = 1000;

    public static void Add(IServiceCollection services)
    {
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.Limits.Http2.MaxStreamsPerConnection = StreamsPerConnection;
            kestrel.ConfigureEndpointDefaults(listen => listen.Protocols = HttpProtocols.Http2);
        });
        services.AddGrpc();
        services.AddSingleton<IServiceMethodProvider<FrozenWatches>, FrozenMethod>();
        services.AddSingleton<FrozenWatches>();
        services.AddSingleton<FrozenFeeds>();
    }

    public static void Map(WebApplication app) => app.MapGrpcService<FrozenWatches>();
}
