using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Api;
using Google.Protobuf.Reflection;
using Jobwatch.SseEdge.Transcoding;
using Jobwatch.V1;

namespace Jobwatch.SseEdge.OpenApi;

/// <summary>The OpenAPI document of the edge, made from the protos: a route that they get is in it by itself.</summary>
internal static class ApiDocument
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static byte[] Build()
    {
        var comments = ProtoComments.Load();
        var schemas = new Schemas(comments);
        var operations = new Operations(schemas, comments);
        var paths = new JsonObject();
        foreach (var (method, rule, number) in Rules())
        {
            var path = RouteFields.Path(rule);
            if (paths[path] is not JsonObject item)
                paths[path] = item = [];
            item[RouteFields.Verb(rule)] = operations.Of(method, rule, number);
        }

        AddOwnRoutes(paths, schemas);
        return JsonSerializer.SerializeToUtf8Bytes(Document(paths, schemas), Indented);
    }

    private static IEnumerable<(MethodDescriptor Method, HttpRule Rule, int Number)> Rules()
    {
        FileDescriptor[] files =
            [RecordServiceReflection.Descriptor, WatchServiceReflection.Descriptor, CatalogServiceReflection.Descriptor];
        foreach (var method in files.SelectMany(file => file.Services).SelectMany(service => service.Methods))
        {
            if (method.GetOptions()?.GetExtension(AnnotationsExtensions.Http) is not { } rule)
                continue;
            yield return (method, rule, 0);
            for (var number = 1; number <= rule.AdditionalBindings.Count; number++)
                yield return (method, rule.AdditionalBindings[number - 1], number);
        }
    }

    private static void AddOwnRoutes(JsonObject paths, Schemas schemas)
    {
        paths["/livez"] = Own("Live", "The process answers.", "text/plain", schemas);
        paths["/readyz"] = Own("Ready", "The node serves.", "text/plain", schemas);
        paths["/metrics"] = Own("Metrics", "Metrics for Prometheus.", "text/plain", schemas);
        paths["/openapi/v1.json"] = Own("OpenApi", "This document.", "application/json", schemas);
    }

    private static JsonObject Own(string id, string description, string mediaType, Schemas schemas) => new()
    {
        ["get"] = new JsonObject
        {
            ["operationId"] = id,
            ["tags"] = new JsonArray("Operations"),
            ["security"] = new JsonArray(),
            ["responses"] = new JsonObject
            {
                ["200"] = new JsonObject
                {
                    ["description"] = description,
                    ["content"] = new JsonObject { [mediaType] = new JsonObject() },
                },
                ["default"] = ProblemForm.Response(schemas),
            },
        },
    };

    private static JsonObject Document(JsonObject paths, Schemas schemas) => new()
    {
        ["openapi"] = "3.1.1",
        ["info"] = new JsonObject
        {
            ["title"] = "Jobwatch",
            ["version"] = "v1",
            ["description"] = "Producers record what happens in a job's executions, watchers follow it. "
                + "Cursors are opaque and mean «strictly after this».",
        },
        ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
        // Whether a call without credentials is served is the node's to decide.
        ["security"] = new JsonArray(new JsonObject { ["token"] = new JsonArray() }, new JsonObject()),
        ["paths"] = paths,
        ["components"] = new JsonObject
        {
            ["schemas"] = schemas.Components(),
            ["securitySchemes"] = new JsonObject { ["token"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" } },
        },
    };
}
