using Grpc.Core;

namespace Jobwatch.SseEdge.Problems;

/// <summary>
/// The problem of a request whose call failed, kept with the request. The transcoder's own error answer has neither the
/// reason nor the fields, and only room for a status.
/// </summary>
internal sealed record Refusal(Problem Problem)
{
    private static readonly Problem EdgeStops =
        new(StatusCodes.Status503ServiceUnavailable, "DRAINING", "The edge is stopping.") { RetryAfter = TimeSpan.FromSeconds(1) };

    /// <summary>Keeps the problem, and gives back what to throw so that the transcoder ends the call.</summary>
    public static RpcException Of(HttpContext context, RpcException error) => Of(context, error, NodeProblem.Of(error));

    /// <summary>The same where the problem tells the error in other words than the node.</summary>
    public static RpcException Of(HttpContext context, RpcException error, Problem problem)
    {
        if (problem.Status == StatusCodes.Status500InternalServerError)
            Log.NodeFailed(context.RequestServices.GetRequiredService<ILogger<Refusal>>(), error);
        context.Features.Set(new Refusal(problem));
        // Without the trailers: the transcoder would try to write their details, of types that it doesn't know.
        return new RpcException(new Status(error.StatusCode, error.Status.Detail));
    }

    /// <summary>The edge itself is going: another one, or this one started again, will serve the request.</summary>
    public static RpcException Stopping(HttpContext context)
    {
        context.Features.Set(new Refusal(EdgeStops));
        return new RpcException(new Status(StatusCode.Unavailable, ""));
    }
}
