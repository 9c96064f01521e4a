using System.Text;
using Grpc.Core;

namespace Jobwatch.SseEdge.Forwarding;

/// <summary>What of a caller's request goes on to the node.</summary>
internal static class CallerMetadata
{
    /// <summary>The credentials, unchanged: the edge knows no tenants. Nothing else of the request is the node's to see.</summary>
    public static Metadata Of(HttpRequest request)
    {
        var metadata = new Metadata();
        var authorization = request.Headers.Authorization.ToString();
        if (authorization.Length > 0)
        {
            // gRPC carries ASCII only. What isn't becomes '?': still credentials that were given, and still unknown ones.
            metadata.Add("authorization", Encoding.ASCII.GetString(Encoding.ASCII.GetBytes(authorization)));
        }

        return metadata;
    }
}
