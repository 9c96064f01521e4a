namespace Jobwatch.SseEdge.OpenApi;

/// <summary>The description of the HTTP API for tools.</summary>
internal static class OpenApiSetup
{
    private static readonly Lazy<byte[]> Document = new(ApiDocument.Build);

    public static void MapOpenApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/openapi/v1.json", () => TypedResults.Bytes(Document.Value, "application/json"));
}
