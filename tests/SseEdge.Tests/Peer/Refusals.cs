using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Status = Google.Rpc.Status;

namespace Jobwatch.SseEdge.Tests.Peer;

/// <summary>Errors as a node makes them.</summary>
internal static class Refusals
{
    public static RpcException Of(StatusCode code, string reason, TimeSpan? retry = null, params (string Field, string Detail)[] fields)
    {
        var status = new Status { Code = (int)code, Message = $"refused for {reason}" };
        status.Details.Add(Any.Pack(new ErrorInfo { Domain = "jobwatch", Reason = reason, Metadata = { { "oldest_cursor", "c7" } } }));
        if (fields.Length > 0)
        {
            var bad = new BadRequest();
            foreach (var (field, detail) in fields)
                bad.FieldViolations.Add(new BadRequest.Types.FieldViolation { Field = field, Description = detail });
            status.Details.Add(Any.Pack(bad));
        }

        if (retry is { } wait)
            status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(wait) }));
        return status.ToRpcException();
    }
}
