using System.Globalization;
using Jobwatch.V1;

namespace Jobwatch.Testing.Watching;

/// <summary>A watch's request as the query of its HTTP route.</summary>
internal static class WatchQuery
{
    public static string Of(WatchJobRequest request, ResumeBy resumeBy)
    {
        var fields = Fields(request, resumeBy).Select(field => $"{field.Name}={Uri.EscapeDataString(field.Value)}");
        return string.Join('&', fields);
    }

    /// <summary>The cursor to go on from, in either field; null for a first session.</summary>
    public static string? LastEventId(WatchStart? start) =>
        start is { ResumeCursor.Length: > 0 } ? start.ResumeCursor : start is { HasCursor: true } ? start.Cursor : null;

    private static IEnumerable<(string Name, string Value)> Fields(WatchJobRequest request, ResumeBy resumeBy)
    {
        var start = request.Start ?? new WatchStart();
        if (LastEventId(start) is { } cursor && resumeBy == ResumeBy.LastEventIdQuery)
            yield return ("last_event_id", cursor);
        if (start.HasCursor && resumeBy == ResumeBy.StartQuery)
            yield return ("start.cursor", start.Cursor);
        if (start.ResumeCursor.Length > 0 && resumeBy == ResumeBy.StartQuery)
            yield return ("start.resume_cursor", start.ResumeCursor);
        if (start.HasFromPosition)
            yield return ("start.from_position", start.FromPosition.ToString(CultureInfo.InvariantCulture));
        if (start.HasFromExecution)
            yield return ("start.from_execution", start.FromExecution);
        if (start.HasBeginning)
            yield return ("start.beginning", "true");
        if (start.HasLatest)
            yield return ("start.latest", "true");
        if (request.AllowMissing)
            yield return ("allow_missing", "true");
        if (request.UntilExecutionEnds)
            yield return ("until_execution_ends", "true");
        if (request.OnTruncated.Length > 0)
            yield return ("on_truncated", request.OnTruncated);
        foreach (var field in Fields(request.Filter ?? new EventFilter()))
            yield return field;
    }

    private static IEnumerable<(string Name, string Value)> Fields(EventFilter filter)
    {
        foreach (string id in filter.ExecutionIds)
            yield return ("filter.execution_ids", id);
        foreach (string type in filter.EventTypes)
            yield return ("filter.event_types", type);
        foreach (var status in filter.Statuses)
            yield return ("filter.statuses", $"EXECUTION_STATUS_{status.ToString().ToUpperInvariant()}");
        if (filter.MinLevel != LogLevel.Unspecified)
            yield return ("filter.min_level", $"LOG_LEVEL_{filter.MinLevel.ToString().ToUpperInvariant()}");
        foreach (string label in filter.Labels)
            yield return ("filter.labels", label);
        if (filter.Text.Length > 0)
            yield return ("filter.text", filter.Text);
    }
}
