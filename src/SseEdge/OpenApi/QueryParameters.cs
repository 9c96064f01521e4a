using System.Text.Json.Nodes;
using Google.Api;
using Google.Protobuf.Reflection;
using Jobwatch.SseEdge.Transcoding;

namespace Jobwatch.SseEdge.OpenApi;

/// <summary>The fields of a request that travel in the query, those of its messages by their paths.</summary>
internal sealed class QueryParameters(Schemas schemas, ProtoComments comments)
{
    public IEnumerable<JsonObject> Of(MessageDescriptor request, HttpRule rule) =>
        RouteFields.InQuery(request, rule).Select(parameter => Parameter(parameter.Name, parameter.Field));

    private JsonObject Parameter(string name, FieldDescriptor field)
    {
        var parameter = new JsonObject { ["name"] = name, ["in"] = "query", ["schema"] = schemas.OfField(field) };
        if (comments.Of(field) is { } comment)
            parameter["description"] = comment;
        return parameter;
    }
}
