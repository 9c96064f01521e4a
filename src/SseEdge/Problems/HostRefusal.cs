using Microsoft.AspNetCore.HostFiltering;

namespace Jobwatch.SseEdge.Problems;

/// <summary>
/// Gives the refusal of a host that <c>AllowedHosts</c> doesn't have the form of a problem. The server's host filter stands before all that
/// the edge itself puts up, so this has to stand before the filter.
/// </summary>
internal sealed class HostRefusal : IStartupFilter
{
    public static void Add(IServiceCollection services)
    {
        // Filters stand in the order of their registration, and the host's is there already.
        services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter, HostRefusal>());
        services.Configure<HostFilteringOptions>(filter => filter.IncludeFailureMessage = false);
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        // Whatever else is refused has its problem already.
        app.UseStatusCodePages(pages => ProblemJson.RespondAsync(pages.HttpContext, Of(pages.HttpContext.Request.Host)));
        next(app);
    };

    private static Problem Of(HostString host) => new(
        StatusCodes.Status400BadRequest,
        "HOST_NOT_ALLOWED",
        $"{Shown.Text(host.Value ?? "")} is none of this server's names: the setting AllowedHosts has them.");
}
