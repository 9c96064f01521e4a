using Jobwatch.StreamService.Errors;
using Microsoft.AspNetCore.Authorization;

namespace Jobwatch.StreamService.Hosting;

/// <summary>Refuses calls that come while the node stops: until a client has seen GOAWAY it opens new ones on its old connection.</summary>
internal sealed class DrainGate(RequestDelegate next, IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    public Task InvokeAsync(HttpContext context)
    {
        // Health still answers: NOT_SERVING is what it is asked for now.
        if (!lifetime.ApplicationStopping.IsCancellationRequested
            || context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return next(context);
        }

        TrailersOnly.Write(context.Response, RpcErrors.Unavailable(
            Reasons.Draining, "This node is shutting down: send the call again, to another node if there is one.", RetryAfter));
        return Task.CompletedTask;
    }
}
