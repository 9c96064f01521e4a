namespace Jobwatch.SseEdge.OpenApi;

internal static class OpenApiSetup
{
    public static void MapOpenApi(this IEndpointRouteBuilder routes)
    {
    }
}
