using Grpc.Core;
using Jobwatch.StreamService.Errors;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Jobwatch.StreamService.Tenancy;

/// <summary>
/// Resolves the caller's tenant before anything else of the call is looked at; not even its request is read without
/// one. Endpoints that allow anonymous callers (health, reflection) have no tenant.
/// </summary>
internal sealed class TenantMiddleware(RequestDelegate next, TokensFile tokens, IOptions<TenancyOptions> options)
{
    private readonly CallerTenant? _anonymous =
        options.Value.AnonymousTenant is { Length: > 0 } name ? new CallerTenant(name) : null;

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return next(context);
        }

        if (Resolve(context.Request.Headers.Authorization, out var tenant) is { } refusal)
        {
            TrailersOnly.Write(context.Response, refusal);
            return Task.CompletedTask;
        }

        context.Features.Set(tenant);
        return next(context);
    }

    private RpcException? Resolve(StringValues authorization, out CallerTenant? tenant)
    {
        tenant = null;
        if (StringValues.IsNullOrEmpty(authorization))
        {
            tenant = _anonymous;
            return tenant is null
                ? RpcErrors.Unauthenticated(
                    Reasons.CredentialsMissing, "The call has no credentials: send 'authorization: Bearer TOKEN' with it.")
                : null;
        }

        var words = authorization.Count == 1 ? authorization[0]!.Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];
        if (words.Length != 2 || !words[0].Equals("Bearer", StringComparison.OrdinalIgnoreCase))
        {
            return RpcErrors.Unauthenticated(
                Reasons.CredentialsUnknown, "The credentials are not of a kind known here: send one 'authorization: Bearer TOKEN'.");
        }

        tenant = tokens.Current.Find(words[1]);
        return tenant is null
            ? RpcErrors.Unauthenticated(
                Reasons.CredentialsUnknown, "The bearer token is not known here: it is mistyped, was withdrawn, or is another server's.")
            : null;
    }
}
