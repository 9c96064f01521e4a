using System.Globalization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace Jobwatch.SseEdge.Problems;

/// <summary>Gives every error that no route answered itself the form of a problem.</summary>
internal static class ProblemsSetup
{
    public static void AddProblems(this IServiceCollection services) => HostRefusal.Add(services);

    /// <summary>Has to come first, so that it sees the errors of all that follows.</summary>
    public static WebApplication UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = context => ProblemJson.RespondAsync(context, OfException(context)),
            // A body that Kestrel refuses to read is the caller's fault: no stack trace in the log for it.
            SuppressDiagnosticsCallback = context => context.Exception is BadHttpRequestException,
        });
        app.UseStatusCodePages(pages => ProblemJson.RespondAsync(pages.HttpContext, OfStatus(pages.HttpContext)));
        return app;
    }

    private static Problem OfException(HttpContext context) =>
        context.Features.Get<IExceptionHandlerFeature>()?.Error is BadHttpRequestException refused
            ? OfBadRequest(context, refused)
            : Problem.Internal;

    /// <summary>The problem of a request that Kestrel refuses to read on.</summary>
    public static Problem OfBadRequest(HttpContext context, BadHttpRequestException refused) => refused.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => new Problem(refused.StatusCode, "REQUEST_TOO_LARGE", TooLarge(context)),
        StatusCodes.Status408RequestTimeout => new Problem(refused.StatusCode, "REQUEST_TIMEOUT", "The body came too slowly."),
        _ => new Problem(StatusCodes.Status400BadRequest, "BAD_REQUEST", "The request is not well-formed HTTP."),
    };

    private static string TooLarge(HttpContext context)
    {
        var limit = context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize;
        return string.Create(CultureInfo.InvariantCulture, $"The body is over {limit} bytes: send its events in several batches.");
    }

    private static Problem OfStatus(HttpContext context)
    {
        var path = context.Request.Path.Value;
        return context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => new Problem(404, "ROUTE_NOT_FOUND", $"There is nothing at {path}."),
            StatusCodes.Status405MethodNotAllowed => new Problem(
                405, "METHOD_NOT_ALLOWED", $"{path} takes {context.Response.Headers.Allow}, not {context.Request.Method}."),
            var status => new Problem(status, status < 500 ? "BAD_REQUEST" : "INTERNAL", "The request can't be served."),
        };
    }
}
