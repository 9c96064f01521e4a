using Jobwatch.SseEdge.Problems;
using Jobwatch.SseEdge.Transcoding;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.Net.Http.Headers;

namespace Jobwatch.SseEdge.Streaming;

/// <summary>What of a stream's request is HTTP's own: its form and its start.</summary>
internal static class StreamRequest
{
    private const string LastEventIdHeader = "Last-Event-ID";
    private const string EventStream = "text/event-stream";

    // For pages of the time before the API: they name no media type and expect events.
    private const string AlwaysEvents = "/api/v1/realtime/reconciliations/";

    private static readonly SseFraming Sse = new();
    private static readonly NdjsonFraming Ndjson = new();

    /// <summary>SSE where the request names it, or the path is one that always speaks it; else newline-delimited JSON.</summary>
    public static IFraming FramingOf(HttpContext context)
    {
        var rule = context.GetEndpoint()?.Metadata.OfType<GrpcJsonTranscodingMetadata>().LastOrDefault()?.HttpRule;
        var always = rule is not null && RouteFields.Path(rule).StartsWith(AlwaysEvents, StringComparison.Ordinal);
        return always || AcceptsEvents(context.Request) ? Sse : Ndjson;
    }

    /// <summary>
    /// The cursor to go on from: what a browser sends when it comes back, or the same in the query; null if neither is there.
    /// </summary>
    public static string? LastEventId(HttpRequest request) => Resumption(request)?.Cursor;

    /// <summary>The problem with that cursor, named as the caller wrote it, not as the field that the edge sent it in.</summary>
    public static Problem InWordsOf(HttpRequest request, Problem problem) =>
        Resumption(request) is { Place: var place }
            ? problem.Renamed(field => field is "start.resume_cursor" or "cursor" ? place : field)
            : problem;

    private static (string Place, string Cursor)? Resumption(HttpRequest request)
    {
        var header = request.Headers[LastEventIdHeader].ToString();
        if (header.Length > 0)
            return (LastEventIdHeader, header);
        var query = request.Query[QueryForm.LastEventId].ToString();
        return query.Length > 0 ? (QueryForm.LastEventId, query) : null;
    }

    // A wildcard is no wish for events: curl and fetch send one unasked.
    private static bool AcceptsEvents(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)
        && accepted.Any(type => type.MediaType.Equals(EventStream, StringComparison.OrdinalIgnoreCase) && type.Quality is not 0);
}
