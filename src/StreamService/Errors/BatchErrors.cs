using Grpc.Core;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Errors;

/// <summary>Tells an error as the answer to one batch of a stream: the same google.rpc.Status that a call would end with.</summary>
internal static class BatchErrors
{
    public static RecordEventsResponse Answer(long sequence, RpcException error) => new() { Sequence = sequence, Error = error.GetRpcStatus() };
}
