using Google.Api;
using Jobwatch.V1;

namespace Jobwatch.SseEdge.Transcoding;

/// <summary>
/// The paths that end with a verb, as <c>/v1/jobs/{job_id}:watch</c>. Routing takes the verb for a part of the id too, and so would let such
/// a path have the methods of the resource without it.
/// </summary>
internal sealed class VerbPaths
{
    private readonly Dictionary<(string Verb, int Depth), string> _methods = (
        from service in new[] { RecordService.Descriptor, WatchService.Descriptor, CatalogService.Descriptor }
        from method in service.Methods
        let rule = method.GetOptions()?.GetExtension(AnnotationsExtensions.Http)
        where rule is not null && KeyOf(RouteFields.Path(rule)) is not null
        select rule)
        .ToDictionary(rule => KeyOf(RouteFields.Path(rule))!.Value, rule => RouteFields.Verb(rule).ToUpperInvariant());

    /// <summary>The one method of a path with a verb; null of another path.</summary>
    public string? MethodOf(PathString path) =>
        path.Value is { } given && KeyOf(given) is { } key ? _methods.GetValueOrDefault(key) : null;

    private static (string Verb, int Depth)? KeyOf(string path)
    {
        var verb = path.LastIndexOf(':') + 1;
        return verb > path.LastIndexOf('/') + 1 ? (path[verb..], path.Count(one => one == '/')) : null;
    }
}
