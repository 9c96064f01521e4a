using Jobwatch.SseEdge.Transcoding;

namespace Jobwatch.SseEdge.Forwarding;

/// <summary>The methods with one answer: passed on to the node as they are.</summary>
internal static class ForwardingSetup
{
    public static IServiceCollection AddForwarding(this IServiceCollection services) => services
        .AddSingleton<NodeCalls>()
        .AddSingleton<RecordForwarder>()
        .AddSingleton<CatalogForwarder>();

    public static void MapForwarding(this IEndpointRouteBuilder routes)
    {
        routes.MapTranscoded<RecordForwarder>();
        routes.MapTranscoded<CatalogForwarder>();
    }
}
