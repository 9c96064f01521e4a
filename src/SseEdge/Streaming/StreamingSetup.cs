using Jobwatch.SseEdge.Hosting;
using Jobwatch.SseEdge.Sharing;
using Jobwatch.SseEdge.Transcoding;
using Jobwatch.V1;

namespace Jobwatch.SseEdge.Streaming;

/// <summary>The watching routes.</summary>
internal static class StreamingSetup
{
    public static void AddStreaming(this IServiceCollection services)
    {
        services.AddEdgeOptions<StreamingOptions>();
        services.AddSingleton<Metrics>().AddSingleton<StreamAnswer>().AddSingleton<WatchStreams>();
        services.AddSingleton<Feeds<WatchJobResponse>>();
    }

    public static void MapStreaming(this IEndpointRouteBuilder routes)
    {
        routes.MapTranscoded<WatchStreams>();
        // Made with its first user else, and missing from the metrics until then.
        routes.ServiceProvider.GetRequiredService<Metrics>();
    }
}
