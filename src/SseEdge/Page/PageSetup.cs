namespace Jobwatch.SseEdge.Page;

/// <summary>The first page and its files.</summary>
internal static class PageSetup
{
    // No script but the page's own files, and nothing from elsewhere: text that a job wrote stays text.
    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void MapPage(this WebApplication app)
    {
        app.UseDefaultFiles();
        app.UseStaticFiles(new StaticFileOptions
        {
            OnPrepareResponse = served =>
            {
                var headers = served.Context.Response.Headers;
                headers.ContentSecurityPolicy = ContentPolicy;
                headers.XContentTypeOptions = "nosniff";
                headers["Referrer-Policy"] = "no-referrer";
                // The files have no version in their names: each load asks whether they are still the same.
                headers.CacheControl = "no-cache";
            },
        });
        app.Use(RefuseOtherMethods);
    }

    // The file middleware passes over methods that don't read: nothing would be said to be at a path where something is.
    private static Task RefuseOtherMethods(HttpContext context, RequestDelegate next)
    {
        var (path, method) = (context.Request.Path, context.Request.Method);
        var files = context.RequestServices.GetRequiredService<IWebHostEnvironment>().WebRootFileProvider;
        if (HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || context.GetEndpoint() is not null
            || !(path == "/" || files.GetFileInfo(path).Exists))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        context.Response.Headers.Allow = "GET, HEAD";
        return Task.CompletedTask;
    }
}
