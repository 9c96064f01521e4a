using System.Text.Json.Nodes;
using Google.Api;
using Google.Protobuf.Reflection;

namespace Jobwatch.SseEdge.OpenApi;

/// <summary>The JSON forms of the protos' messages, as components that are collected while they are named.</summary>
internal sealed class Schemas(ProtoComments comments)
{
    private readonly SortedDictionary<string, JsonNode> _components = new(StringComparer.Ordinal);

    /// <summary>All that were named so far, with all that those name.</summary>
    public JsonObject Components() => new(_components.Select(one => KeyValuePair.Create(one.Key, (JsonNode?)one.Value)));

    /// <summary>A schema of the edge's own.</summary>
    public JsonObject Named(string name, JsonObject schema)
    {
        _components.TryAdd(name, schema);
        return Reference(name);
    }

    /// <summary>A message as it stands in an answer.</summary>
    public JsonObject Of(MessageDescriptor message) => message.FullName switch
    {
        "google.protobuf.Struct" => new JsonObject { ["type"] = "object", ["additionalProperties"] = true },
        "google.protobuf.Timestamp" => new JsonObject { ["type"] = "string", ["format"] = "date-time" },
        "google.protobuf.Duration" => new JsonObject { ["type"] = "string", ["examples"] = new JsonArray("1.5s") },
        _ => Component(message.Name, () => Object(message, new HashSet<string>())),
    };

    /// <summary>A message as it stands in a body, without the fields that are in the path.</summary>
    public JsonObject OfBody(MessageDescriptor message, IReadOnlySet<string> inPath) =>
        Component(message.Name, () => Object(message, inPath));

    /// <summary>One value of a field: of a list, that of an element.</summary>
    public JsonObject OfValue(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message => Of(field.MessageType),
        FieldType.Enum => Component(field.EnumType.Name, () => Words(field.EnumType)),
        FieldType.Bool => new JsonObject { ["type"] = "boolean" },
        FieldType.Int64 => new JsonObject { ["type"] = "integer", ["format"] = "int64" },
        FieldType.Int32 => new JsonObject { ["type"] = "integer", ["format"] = "int32" },
        FieldType.Double => new JsonObject { ["type"] = "number", ["format"] = "double" },
        _ => new JsonObject { ["type"] = "string" },
    };

    /// <summary>A field with all of its values.</summary>
    public JsonObject OfField(FieldDescriptor field) => field switch
    {
        { IsMap: true } => new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = OfValue(field.MessageType.FindFieldByNumber(2)),
        },
        { IsRepeated: true } => new JsonObject { ["type"] = "array", ["items"] = OfValue(field) },
        _ => OfValue(field),
    };

    public static bool Has(FieldDescriptor field, FieldBehavior behavior) =>
        field.GetOptions()?.GetExtension(FieldBehaviorExtensions.FieldBehavior)?.Contains(behavior) == true;

    private JsonObject Object(MessageDescriptor message, IReadOnlySet<string> without)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var field in message.Fields.InFieldNumberOrder().Where(field => !without.Contains(field.Name)))
        {
            var schema = OfField(field);
            Describe(schema, comments.Of(field));
            if (Has(field, FieldBehavior.OutputOnly))
                schema["readOnly"] = true;
            if (Has(field, FieldBehavior.Required))
                required.Add(field.JsonName);
            properties[field.JsonName] = schema;
        }

        var type = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (required.Count > 0)
            type["required"] = required;
        Describe(type, comments.Of(message));
        return type;
    }

    private JsonObject Words(EnumDescriptor words)
    {
        var type = new JsonObject
        {
            ["type"] = "string",
            ["enum"] = new JsonArray([.. words.Values.Select(word => JsonValue.Create(word.Name))]),
        };
        Describe(type, comments.Of(words));
        return type;
    }

    // Entered before it is filled in, for messages that hold each other.
    private JsonObject Component(string name, Func<JsonObject> make)
    {
        if (!_components.ContainsKey(name))
        {
            _components[name] = new JsonObject();
            _components[name] = make();
        }

        return Reference(name);
    }

    private static JsonObject Reference(string name) => new() { ["$ref"] = $"#/components/schemas/{name}" };

    private static void Describe(JsonObject schema, string? comment)
    {
        if (comment is not null)
            schema["description"] = comment;
    }
}
