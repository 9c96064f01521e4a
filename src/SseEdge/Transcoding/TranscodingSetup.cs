using Jobwatch.SseEdge.Problems;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;

namespace Jobwatch.SseEdge.Transcoding;

/// <summary>JSON over HTTP for gRPC services, by the HTTP rules of the protos.</summary>
internal static class TranscodingSetup
{
    public static void AddTranscoding(this IServiceCollection services) => services.AddGrpc().AddJsonTranscoding();

    /// <summary>Maps the HTTP rules of a service. Its gRPC methods as such are not served: those are the node's.</summary>
    public static void MapTranscoded<TService>(this IEndpointRouteBuilder routes)
        where TService : class
    {
        routes.MapGrpcService<TService>().Add(endpoint =>
        {
            endpoint.RequestDelegate = endpoint.Metadata.OfType<GrpcJsonTranscodingMetadata>().LastOrDefault() is { } rule
                ? new TranscodedEndpoint(endpoint.RequestDelegate!, rule).InvokeAsync
                : NotServedAsync;
        });
    }

    private static Task NotServedAsync(HttpContext context) => ProblemJson.RespondAsync(
        context, new Problem(StatusCodes.Status404NotFound, "ROUTE_NOT_FOUND", "gRPC is the node's; the edge speaks JSON over HTTP."));
}
