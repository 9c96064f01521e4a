using System.Net;
using Grpc.Core;

namespace Jobwatch.Testing.Producing;

/// <summary>Tells a call that broke because its server was away or went away from one that the server judged.</summary>
internal static class Breaks
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public static bool IsBreak(Exception failure) => failure switch
    {
        RpcException { StatusCode: StatusCode.Unavailable } => true,
        // What the client makes of a torn connection; a server's own INTERNAL has no such cause.
        RpcException { StatusCode: StatusCode.Internal or StatusCode.Cancelled, Status.DebugException: not null } => true,
        HttpRequestException { StatusCode: null or HttpStatusCode.ServiceUnavailable } => true,
        IOException => true,
        _ => false,
    };

    /// <summary>Calls again and again until no break comes between.</summary>
    /// <param name="call">What may be repeated.</param>
    /// <param name="isExpected">Whether servers are killed; if not, a break fails.</param>
    public static async Task<T> OutliveAsync<T>(Func<CancellationToken, Task<T>> call, bool isExpected)
    {
        T? answer = default;
        await Eventually.TrueAsync(
            async cancel =>
            {
                try
                {
                    answer = await call(cancel);
                    return true;
                }
                catch (Exception failure) when (isExpected && IsBreak(failure))
                {
                    return false;
                }
            },
            Patience,
            "a server answered");
        return answer!;
    }
}
