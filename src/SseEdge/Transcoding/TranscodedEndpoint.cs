using System.Text.Json;
using Jobwatch.SseEdge.Problems;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.AspNetCore.Http.Features;

namespace Jobwatch.SseEdge.Transcoding;

/// <summary>
/// One HTTP rule of the protos: holds a request to its form before the transcoder binds it, and answers problems for whatever
/// goes wrong in the transcoder or behind it.
/// </summary>
internal sealed class TranscodedEndpoint(RequestDelegate transcode, GrpcJsonTranscodingMetadata metadata)
{
    private readonly QueryForm _query = new(metadata);
    private readonly bool _hasBody = metadata.HttpRule.Body.Length > 0;

    public async Task InvokeAsync(HttpContext context)
    {
        if (_query.FirstProblem(context.Request) is { } wrongQuery)
        {
            await ProblemJson.RespondAsync(context, wrongQuery);
            return;
        }

        if (_hasBody && await BodyReading.ReadAsync(context, metadata.MethodDescriptor.InputType) is { } wrongBody)
        {
            await ProblemJson.RespondAsync(context, wrongBody);
            return;
        }

        await TranscodeAsync(context);
    }

    private async Task TranscodeAsync(HttpContext context)
    {
        var whole = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var held = new HeldErrorBody(context.Response, whole);
        context.Features.Set<IHttpResponseBodyFeature>(held);
        try
        {
            await transcode(context);
        }
        finally
        {
            context.Features.Set(whole);
        }

        if (!held.Held.IsEmpty && !context.RequestAborted.IsCancellationRequested)
            await ProblemJson.RespondAsync(context, context.Features.Get<Refusal>()?.Problem ?? OfTranscoder(context, held.Held));
    }

    // What the forms let pass and the transcoder still could not bind, or a fault of ours.
    private static Problem OfTranscoder(HttpContext context, ReadOnlySpan<byte> status)
    {
        if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError)
            return Problem.Internal;
        var json = new Utf8JsonReader(status);
        using var parsed = JsonDocument.ParseValue(ref json);
        var detail = parsed.RootElement.GetProperty("message").GetString() ?? "The request can't be read.";
        return new Problem(StatusCodes.Status400BadRequest, "INVALID_FIELD", detail);
    }
}
