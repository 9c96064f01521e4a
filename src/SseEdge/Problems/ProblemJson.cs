using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace Jobwatch.SseEdge.Problems;

/// <summary>Writes a problem: as the whole of a response, or as a part of a stream.</summary>
internal static class ProblemJson
{
    private const string ContentType = "application/problem+json";

    // As the transcoder writes its messages, so that the same text looks the same in both.
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Answers the request with the problem. The response must not have started.</summary>
    public static async Task RespondAsync(HttpContext context, Problem problem)
    {
        var response = context.Response;
        response.StatusCode = problem.Status;
        response.ContentType = ContentType;
        response.Headers.CacheControl = "no-store";
        if (problem.RetryAfter is { } wait)
            response.Headers.RetryAfter = WholeSeconds(wait).ToString(CultureInfo.InvariantCulture);
        if (problem.Status == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = "Bearer";
        var body = new ArrayBufferWriter<byte>();
        Write(body, problem);
        response.ContentLength = body.WrittenCount;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.BodyWriter.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }

    /// <summary>Writes the problem as one JSON object on one line, without a line end.</summary>
    public static void Write(IBufferWriter<byte> to, Problem problem)
    {
        using var json = new Utf8JsonWriter(to, WriterOptions);
        json.WriteStartObject();
        // No page describes a single problem: the code tells them apart, and the title is the status's own.
        json.WriteString("type", "about:blank");
        json.WriteString("title", ReasonPhrases.GetReasonPhrase(problem.Status));
        json.WriteNumber("status", problem.Status);
        json.WriteString("detail", problem.Detail);
        json.WriteString("code", problem.Code);
        WriteErrors(json, problem.Errors);
        WriteMetadata(json, problem.Metadata);
        json.WriteEndObject();
    }

    // The form that ASP.NET's validation problems have: each field once, with all that is wrong with it.
    private static void WriteErrors(Utf8JsonWriter json, IReadOnlyList<FieldError> errors)
    {
        if (errors.Count == 0)
            return;
        json.WriteStartObject("errors");
        foreach (var field in errors.GroupBy(error => error.Field, StringComparer.Ordinal))
        {
            json.WriteStartArray(field.Key);
            foreach (var error in field)
                json.WriteStringValue(error.Detail);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string> metadata)
    {
        if (metadata.Count == 0)
            return;
        json.WriteStartObject("metadata");
        foreach (var (key, value) in metadata)
            json.WriteString(key, value);
        json.WriteEndObject();
    }

    // Retry-After has no fractions, and 0 would invite a storm.
    private static long WholeSeconds(TimeSpan wait) => Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds));
}
