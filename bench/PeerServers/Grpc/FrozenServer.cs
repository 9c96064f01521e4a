using System.Net;
using Grpc.AspNetCore.Server.Model;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Jobwatch.Bench.PeerServers.Grpc;

/// <summary>grpc-dotnet on Kestrel with the node's limits, and nothing behind it: the most that streams of this size can be.</summary>
internal static class FrozenServer
{
    private const int StreamsPerConnection = 1000;

    public static WebApplication Build(Uri address, int watchers)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.Http2.MaxStreamsPerConnection = StreamsPerConnection;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Parse(address.Host), address.Port, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddGrpc();
        builder.Services.AddSingleton<IServiceMethodProvider<FrozenWatches>, FrozenMethod>();
        builder.Services.AddSingleton<FrozenWatches>();
        builder.Services.AddSingleton(new FrozenFeeds(watchers));
        var app = builder.Build();
        app.MapGrpcService<FrozenWatches>();
        return app;
    }
}
