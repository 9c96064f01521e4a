using Grpc.Health.V1;
using Grpc.Reflection;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Hosting;

/// <summary>What holds for gRPC as a whole.</summary>
internal static class GrpcSetup
{
    // What the rooms promise is checked there; here only what is over it is cut off unread. A batch of 4 MB comes in a
    // request that is a little larger.
    private const int MaxRequestBytes = (4 * 1024 * 1024) + (64 * 1024);

    /// <summary>The services of the API.</summary>
    public static IReadOnlyList<Google.Protobuf.Reflection.ServiceDescriptor> Services { get; } =
        [RecordService.Descriptor, WatchService.Descriptor, CatalogService.Descriptor];

    public static IServiceCollection AddGrpcForStreams(this IServiceCollection services)
    {
        services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = MaxRequestBytes;
            grpc.MaxSendMessageSize = null;
            // The limit above holds for compressed bytes and so bounds nothing of what they become; and a frame that
            // all watchers share can't be compressed for each.
            grpc.CompressionProviders.Clear();
            grpc.ResponseCompressionAlgorithm = null;
        });
        // By descriptor: the library finds a service by its generated base, which WatchService is mapped without.
        services.AddSingleton(new ReflectionServiceImpl([.. Services, Health.Descriptor]));
        services.AddSingleton(new ReflectionV1ServiceImpl([.. Services, Health.Descriptor]));
        return services;
    }

    /// <summary>Reflection in both versions that clients ask for. Needs no credentials: it tells what the repository tells.</summary>
    public static void MapReflection(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<ReflectionServiceImpl>().AllowAnonymous();
        endpoints.MapGrpcService<ReflectionV1ServiceImpl>().AllowAnonymous();
    }
}
