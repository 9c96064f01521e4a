using Grpc.Core;
using Jobwatch.Client;
using Jobwatch.SseEdge.Hosting;
using Jobwatch.SseEdge.Problems;
using Microsoft.Extensions.Options;

namespace Jobwatch.SseEdge.Forwarding;

/// <summary>
/// Passes one call on to the node: with the caller's credentials, for as long as the caller and the edge are ready to wait.
/// </summary>
internal sealed class NodeCalls(JobwatchClient node, IOptions<EdgeOptions> options, TimeProvider time)
{
    public async Task<TResponse> ForwardAsync<TResponse>(ServerCallContext context, Func<CallOptions, AsyncUnaryCall<TResponse>> call)
    {
        var http = context.GetHttpContext();
        var deadline = time.GetUtcNow().UtcDateTime + CallerTimeout.Of(http.Request, options.Value.CallTimeout);
        try
        {
            return await node.CallAsync(() => call(new CallOptions(CallerMetadata.Of(http.Request), deadline, http.RequestAborted)));
        }
        catch (RpcException refused)
        {
            throw Refusal.Of(http, NodeProblem.WithoutAnswer(refused, node));
        }
    }
}
