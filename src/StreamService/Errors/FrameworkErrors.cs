using System.Globalization;
using Google.Protobuf;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;

namespace Jobwatch.StreamService.Errors;

/// <summary>
/// The gRPC library refuses some calls before any handler or interceptor sees them, with a bare status: what is too
/// large, compressed, unknown or can't be decoded. This makes errors of the API of those.
/// </summary>
internal sealed class FrameworkErrors(RequestDelegate next)
{
    /// <summary>Whether the library or protobuf fails so at bytes that are no message. A length over 2 GB is an <see cref="IOException"/>.</summary>
    public static bool IsUndecodable(Exception? error) => error is InvalidProtocolBufferException or InvalidDataException or IOException;

    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
        var headers = context.Response.Headers;
        var trailers = context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers;
        if (!context.Response.HasStarted && headers.ContainsKey("grpc-status"))
        {
            Complete(headers, context);
        }
        else if (trailers is { IsReadOnly: false } && trailers.ContainsKey("grpc-status"))
        {
            Complete(trailers, context);
        }
    }

    private static void Complete(IHeaderDictionary answer, HttpContext call)
    {
        if (!answer.ContainsKey("grpc-status-details-bin")
            && int.TryParse(answer["grpc-status"], CultureInfo.InvariantCulture, out var code)
            && Replacement((StatusCode)code, call) is { } error)
        {
            TrailersOnly.Stamp(answer, error);
        }
    }

    private static RpcException? Replacement(StatusCode code, HttpContext call) => code switch
    {
        StatusCode.ResourceExhausted => RpcErrors.RequestTooLarge(),
        StatusCode.Unimplemented when call.Request.Headers.TryGetValue("grpc-encoding", out var encoding) && encoding != "identity" =>
            RpcErrors.Unimplemented(
                Reasons.CompressionUnsupported, $"Requests compressed with '{Shown.Text($"{encoding}")}' are not taken: send them uncompressed."),
        StatusCode.Unimplemented => RpcErrors.Unimplemented(
            $"There is no method '{Shown.Text(call.Request.Path)}' on this server: it may be older than the client."),
        // What the library says for no or half a message, or a second one. Those of handlers have details.
        StatusCode.Internal when Cause(call) is null => RpcErrors.UndecodableRequest(),
        StatusCode.Unknown or StatusCode.Internal => IsUndecodable(Cause(call)) ? RpcErrors.UndecodableRequest() : RpcErrors.Internal(),
        _ => null,
    };

    private static Exception? Cause(HttpContext call) =>
        call.Features.Get<IServerCallContextFeature>()?.ServerCallContext.Status.DebugException;
}
