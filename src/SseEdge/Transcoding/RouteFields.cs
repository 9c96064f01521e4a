using System.Text.RegularExpressions;
using Google.Api;
using Google.Protobuf.Reflection;

namespace Jobwatch.SseEdge.Transcoding;

/// <summary>Reads the HTTP rules of the protos.</summary>
internal static partial class RouteFields
{
    /// <summary>The rule's path template, e.g. <c>/v1/jobs/{job_id}:watch</c>.</summary>
    public static string Path(HttpRule rule) => rule.PatternCase switch
    {
        HttpRule.PatternOneofCase.Post => rule.Post,
        HttpRule.PatternOneofCase.Delete => rule.Delete,
        _ => rule.Get,
    };

    /// <summary>The rule's method, in small letters as OpenAPI has it.</summary>
    public static string Verb(HttpRule rule) => rule.PatternCase switch
    {
        HttpRule.PatternOneofCase.Post => "post",
        HttpRule.PatternOneofCase.Delete => "delete",
        _ => "get",
    };

    /// <summary>The fields of the request that the path holds.</summary>
    public static HashSet<string> Of(HttpRule rule) =>
        Variable().Matches(Path(rule)).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);

    /// <summary>The fields of the request that travel in the query, those of its messages by their paths: <c>filter.text</c>.</summary>
    public static IEnumerable<(string Name, FieldDescriptor Field)> InQuery(MessageDescriptor request, HttpRule rule) =>
        rule.Body.Length > 0 ? [] : InQuery(request, "", Of(rule));

    private static IEnumerable<(string Name, FieldDescriptor Field)> InQuery(
        MessageDescriptor message, string prefix, HashSet<string> without)
    {
        foreach (var field in message.Fields.InFieldNumberOrder().Where(field => !without.Contains(field.Name)))
        {
            // Protobuf's own messages are written as one word.
            if (field.FieldType != FieldType.Message || field.MessageType.File.Package != message.File.Package)
                yield return (prefix + field.Name, field);
            else
            {
                foreach (var inner in InQuery(field.MessageType, $"{prefix}{field.Name}.", []))
                    yield return inner;
            }
        }
    }

    [GeneratedRegex(@"\{([a-z_.]+)\}")]
    private static partial Regex Variable();
}
