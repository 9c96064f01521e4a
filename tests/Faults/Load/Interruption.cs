using System.Net;
using Grpc.Core;
using Jobwatch.Testing.Producing;

namespace Jobwatch.Faults.Tests.Load;

/// <summary>Tells what a caller takes as a reason to go on elsewhere from what the product did wrong.</summary>
internal static class Interruption
{
    public static bool Is(Exception failure) => Breaks.IsBreak(failure) || failure
        is RpcException { StatusCode: StatusCode.DeadlineExceeded } or HttpRequestException { StatusCode: HttpStatusCode.GatewayTimeout };
}
