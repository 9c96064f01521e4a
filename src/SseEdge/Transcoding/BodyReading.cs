using System.Text.Json;
using Google.Protobuf.Reflection;
using Jobwatch.SseEdge.Problems;
using Microsoft.Net.Http.Headers;

namespace Jobwatch.SseEdge.Transcoding;

/// <summary>
/// Takes in a request's JSON body whole, within Kestrel's limit, and holds it to the form of its message. The transcoder then
/// binds it from memory: read from the connection by the transcoder, a body that is too large could not be told from a wrong one.
/// </summary>
internal static class BodyReading
{
    private const int LargestFirstBuffer = 64 * 1024;

    private static readonly Problem NotJson = new(
        StatusCodes.Status415UnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", "The body has to be application/json in UTF-8.");

    private static readonly Problem Compressed = new(
        StatusCodes.Status415UnsupportedMediaType,
        "COMPRESSION_UNSUPPORTED",
        "Compressed bodies are not taken: send it as it is, without Content-Encoding.");

    /// <summary>What is wrong with the body; null if the request's body is now one in memory that fits the message.</summary>
    public static async Task<Problem?> ReadAsync(HttpContext context, MessageDescriptor message)
    {
        if (context.Request.Headers.ContentEncoding.Any(coding => !"identity".Equals(coding, StringComparison.OrdinalIgnoreCase)))
            return Compressed;
        if (!IsJson(context.Request.ContentType))
            return NotJson;

        var body = new MemoryStream((int)Math.Clamp(context.Request.ContentLength ?? 0, 0, LargestFirstBuffer));
        try
        {
            await context.Request.BodyReader.CopyToAsync(body, context.RequestAborted);
        }
        catch (BadHttpRequestException refused)
        {
            return ProblemsSetup.OfBadRequest(context, refused);
        }

        body.Position = 0;
        context.Request.Body = body;
        return FirstProblem(body.GetBuffer().AsMemory(0, (int)body.Length), InPath(context), message);
    }

    private static Dictionary<string, string> InPath(HttpContext context) =>
        context.Request.RouteValues.ToDictionary(one => one.Key, one => one.Value?.ToString() ?? "", StringComparer.Ordinal);

    private static Problem? FirstProblem(Memory<byte> body, Dictionary<string, string> inPath, MessageDescriptor message)
    {
        if (body.Span.Trim(" \t\r\n"u8).IsEmpty)
            return InvalidJson($"The body is empty: it has to be a JSON object; {BodyText.NamesOf(message)}.");
        try
        {
            return new BodyForm(body, inPath).FirstError(message) is { } wrong ? Problem.InvalidField(wrong.Field, wrong.Detail) : null;
        }
        catch (JsonException malformed)
        {
            return InvalidJson(
                $"The body is not JSON: line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}. "
                + "It has to be one JSON object, with names and texts in double quotes.");
        }
    }

    private static Problem InvalidJson(string detail) => new(StatusCodes.Status400BadRequest, "INVALID_JSON", detail);

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
        && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));
}
