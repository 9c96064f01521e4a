namespace Jobwatch.StreamService.Tenancy;

internal static class HttpContextTenant
{
    /// <summary>The tenant of the call's credentials. There always is one, but on endpoints that allow anonymous callers.</summary>
    public static string Tenant(this HttpContext context) =>
        context.Features.Get<CallerTenant>()?.Name
        ?? throw new InvalidOperationException($"{context.Request.Path} was reached without a tenant: UseTenancy has to come before it.");
}
