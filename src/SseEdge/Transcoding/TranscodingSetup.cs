using Jobwatch.SseEdge.Problems;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;

namespace Jobwatch.SseEdge.Transcoding;

/// <summary>JSON over HTTP for gRPC services, by the HTTP rules of the protos.</summary>
internal static class TranscodingSetup
{
    public static void AddTranscoding(this IServiceCollection services) => services
        // Its answer to services that aren't there is a route for any two words and any method: it would hide which methods a path takes.
        .AddGrpc(grpc => grpc.IgnoreUnknownServices = true)
        .AddJsonTranscoding();

    /// <summary>Refuses other methods at the paths of <see cref="VerbPaths"/>. Goes before the endpoints.</summary>
    public static void UseVerbs(this WebApplication app)
    {
        var paths = new VerbPaths();
        app.Use((context, next) =>
        {
            if (context.GetEndpoint() is null || paths.MethodOf(context.Request.Path) is not { } method || method == context.Request.Method)
                return next(context);
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = method;
            return Task.CompletedTask;
        });
    }

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
