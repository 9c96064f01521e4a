using System.Text.Json.Nodes;
using Google.Api;
using Google.Protobuf.Reflection;
using Jobwatch.SseEdge.Transcoding;

namespace Jobwatch.SseEdge.OpenApi;

/// <summary>Describes one HTTP rule of the protos as an operation.</summary>
internal sealed class Operations(Schemas schemas, ProtoComments comments)
{
    private readonly QueryParameters _query = new(schemas, comments);

    /// <param name="method">The method that the rule is of.</param>
    /// <param name="rule">The rule, or one of its additional bindings.</param>
    /// <param name="number">0 for the rule itself, 1 and on for its additional bindings.</param>
    public JsonObject Of(MethodDescriptor method, HttpRule rule, int number)
    {
        var inPath = RouteFields.Of(rule);
        var operation = new JsonObject
        {
            ["operationId"] = method.Name + (number == 0 ? "" : $"_{number + 1}"),
            ["tags"] = new JsonArray(method.Service.Name),
            ["parameters"] = Parameters(method, rule, inPath),
        };
        if (comments.Of(method) is { } comment)
            operation["description"] = comment;
        if (rule.Body.Length > 0)
            operation["requestBody"] = Body("application/json", schemas.OfBody(method.InputType, inPath), required: true);
        operation["responses"] = method.IsServerStreaming ? StreamResponses(method, eventsOnly: number > 0) : Responses(method, rule);
        return operation;
    }

    private JsonArray Parameters(MethodDescriptor method, HttpRule rule, HashSet<string> inPath)
    {
        var parameters = new JsonArray();
        foreach (var name in inPath)
        {
            var field = method.InputType.FindFieldByName(name);
            parameters.Add(new JsonObject
            {
                ["name"] = name,
                ["in"] = "path",
                ["required"] = true,
                ["schema"] = schemas.OfField(field),
                ["description"] = comments.Of(field),
            });
        }

        foreach (var parameter in _query.Of(method.InputType, rule))
            parameters.Add(parameter);

        if (method.IsServerStreaming)
        {
            parameters.Add(LastEventId("Last-Event-ID", "header"));
            parameters.Add(LastEventId(QueryForm.LastEventId, "query"));
        }

        return parameters;
    }

    private static JsonObject LastEventId(string name, string place) => new()
    {
        ["name"] = name,
        ["in"] = place,
        ["schema"] = new JsonObject { ["type"] = "string" },
        ["description"] = "Goes on strictly after this cursor. The header comes before the query, and both before any other start.",
    };

    private JsonObject Responses(MethodDescriptor method, HttpRule rule)
    {
        var answer = rule.ResponseBody.Length == 0
            ? schemas.Of(method.OutputType)
            : schemas.OfField(method.OutputType.FindFieldByName(rule.ResponseBody));
        var ok = Body("application/json", answer);
        ok["description"] = comments.Of(method.OutputType) ?? "The answer.";
        return new JsonObject { ["200"] = ok, ["default"] = ProblemForm.Response(schemas) };
    }

    private JsonObject StreamResponses(MethodDescriptor method, bool eventsOnly)
    {
        var content = new JsonObject
        {
            ["text/event-stream"] = new JsonObject
            {
                ["schema"] = new JsonObject
                {
                    ["type"] = "string",
                    ["description"] = "Frames with `id` (the cursor), `event` (`execution_update` for an event, else the message's "
                        + "name) and `data` (the JSON of that message on one line).",
                },
            },
        };
        if (!eventsOnly)
            content["application/x-ndjson"] = new JsonObject { ["schema"] = schemas.Of(method.OutputType) };
        return new JsonObject
        {
            ["200"] = new JsonObject
            {
                ["description"] = "The stream; it begins at once. An error within it is its last event, `error`, or its last line, "
                    + "`{\"error\": …}`.",
                ["headers"] = StartedFrom(),
                ["content"] = content,
            },
            ["204"] = new JsonObject { ["description"] = "Nothing is left of what was to be watched.", ["headers"] = StartedFrom() },
            ["default"] = ProblemForm.Response(schemas),
        };
    }

    private static JsonObject StartedFrom() => new()
    {
        ["Jobwatch-Last-Event-Id"] = new JsonObject
        {
            ["description"] = "The cursor that the stream really starts behind.",
            ["schema"] = new JsonObject { ["type"] = "string" },
        },
    };

    private static JsonObject Body(string mediaType, JsonObject schema, bool? required = null)
    {
        var body = new JsonObject { ["content"] = new JsonObject { [mediaType] = new JsonObject { ["schema"] = schema } } };
        if (required is { } value)
            body["required"] = value;
        return body;
    }
}
