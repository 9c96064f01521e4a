using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;

namespace Jobwatch.SseEdge.OpenApi;

/// <summary>The fields of a request that travel in the query, those of its messages by their paths.</summary>
internal sealed class QueryParameters(Schemas schemas, ProtoComments comments)
{
    public IEnumerable<JsonObject> Of(MessageDescriptor request, IReadOnlySet<string> inPath) =>
        Of(request, "", inPath);

    private IEnumerable<JsonObject> Of(MessageDescriptor message, string prefix, IReadOnlySet<string> without)
    {
        foreach (var field in message.Fields.InFieldNumberOrder().Where(field => !without.Contains(field.Name)))
        {
            if (field.FieldType == FieldType.Message && field.MessageType.File.Package == message.File.Package)
            {
                foreach (var inner in Of(field.MessageType, $"{prefix}{field.Name}.", new HashSet<string>()))
                    yield return inner;
            }
            else
            {
                yield return Parameter(field, prefix);
            }
        }
    }

    private JsonObject Parameter(FieldDescriptor field, string prefix)
    {
        var parameter = new JsonObject { ["name"] = prefix + field.Name, ["in"] = "query", ["schema"] = schemas.OfField(field) };
        if (comments.Of(field) is { } comment)
            parameter["description"] = comment;
        return parameter;
    }
}
