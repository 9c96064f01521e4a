using Jobwatch.Shared;
using Jobwatch.SseEdge.Problems;

namespace Jobwatch.SseEdge.Health;

/// <summary>What orchestrators and load balancers ask.</summary>
internal static class HealthSetup
{
    // Some load balancers ask by HEAD.
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static void AddNodeReadiness(this IServiceCollection services) => services.AddSingleton<NodeReadiness>();

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/livez", Reading, () => TypedResults.Text("live\n"));
        routes.MapMethods("/readyz", Reading, AnswerReadyAsync);
    }

    private static async Task AnswerReadyAsync(HttpContext context, NodeReadiness nodes, Departure departure)
    {
        if (departure.HasBegun)
            await ProblemJson.RespondAsync(context, NotReady("DRAINING", "The edge is stopping."));
        else if (!await nodes.IsOneServingAsync())
            await ProblemJson.RespondAsync(context, NotReady("NODE_UNAVAILABLE", "No node serves."));
        else
            await TypedResults.Text("ready\n").ExecuteAsync(context);
    }

    private static Problem NotReady(string code, string detail) =>
        new(StatusCodes.Status503ServiceUnavailable, code, detail) { RetryAfter = TimeSpan.FromSeconds(1) };
}
