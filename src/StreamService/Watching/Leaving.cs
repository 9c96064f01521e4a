using Grpc.Core;

namespace Jobwatch.StreamService.Watching;

/// <summary>How a stream ends that has to go on elsewhere.</summary>
/// <param name="Delay">How long its reader is to wait before.</param>
/// <param name="Status">What it ends with.</param>
internal readonly record struct Leaving(TimeSpan Delay, RpcException Status);
