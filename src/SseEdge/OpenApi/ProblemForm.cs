using System.Text.Json.Nodes;

namespace Jobwatch.SseEdge.OpenApi;

/// <summary>Describes the answer that every error has.</summary>
internal static class ProblemForm
{
    public static JsonObject Response(Schemas schemas) => new()
    {
        ["description"] = "A problem. With 429 and 503 the header Retry-After says when to try again.",
        ["content"] = new JsonObject
        {
            ["application/problem+json"] = new JsonObject { ["schema"] = schemas.Named("Problem", Schema()) },
        },
    };

    private static JsonObject Schema() => new()
    {
        ["type"] = "object",
        ["description"] = "Problem details after RFC 9457.",
        ["required"] = new JsonArray("type", "title", "status", "detail", "code"),
        ["properties"] = new JsonObject
        {
            ["type"] = Text("Always `about:blank`: `code` tells problems apart."),
            ["title"] = Text("The HTTP status in words."),
            ["status"] = new JsonObject { ["type"] = "integer", ["description"] = "The HTTP status." },
            ["detail"] = Text("What went wrong, for people."),
            ["code"] = Text("What went wrong, for programs, e.g. `JOB_NOT_FOUND`."),
            ["errors"] = new JsonObject
            {
                ["type"] = "object",
                ["description"] = "By field, what is wrong with it.",
                ["additionalProperties"] = new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string" } },
            },
            ["metadata"] = new JsonObject
            {
                ["type"] = "object",
                ["description"] = "More for programs, e.g. `oldest_cursor` where history was truncated.",
                ["additionalProperties"] = new JsonObject { ["type"] = "string" },
            },
        },
    };

    private static JsonObject Text(string description) => new() { ["type"] = "string", ["description"] = description };
}
