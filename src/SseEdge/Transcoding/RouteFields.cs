using System.Text.RegularExpressions;
using Google.Api;

namespace Jobwatch.SseEdge.Transcoding;

/// <summary>Reads the HTTP rules of the protos.</summary>
internal static partial class RouteFields
{
    /// <summary>The rule's path template, e.g. <c>/v1/jobs/{job_id}:watch</c>.</summary>
    public static string Path(HttpRule rule) => rule.PatternCase == HttpRule.PatternOneofCase.Post ? rule.Post : rule.Get;

    /// <summary>The fields of the request that the path holds.</summary>
    public static HashSet<string> Of(HttpRule rule) =>
        Variable().Matches(Path(rule)).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);

    [GeneratedRegex(@"\{([a-z_.]+)\}")]
    private static partial Regex Variable();
}
