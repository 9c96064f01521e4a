using Grpc.Core;
using Jobwatch.V1;
using Xunit;

namespace Jobwatch.Testing.Watching;

/// <summary>A generated client at the node.</summary>
internal sealed class GrpcTransport(WatchService.WatchServiceClient watches) : Transport
{
    public override async Task<Session> OpenAsync(WatchJobRequest request, CancellationToken cancel)
    {
        var call = watches.WatchJob(request, cancellationToken: cancel);
        try
        {
            var headers = await call.ResponseHeadersAsync;
            string? startedFrom = headers.GetValue("jobwatch-last-event-id");
            // A refusal is a header without a stream: the read throws its status.
            if (startedFrom is null)
                Assert.False(await call.ResponseStream.MoveNext(cancel), "An open watch has to say where it starts");
            bool nothingLeft = headers.GetValue("jobwatch-nothing-left") == "true";
            return new Session(new Connection(call), call.ResponseStream.ReadAllAsync(cancel)) { StartedFrom = startedFrom, NothingLeft = nothingLeft };
        }
        catch
        {
            call.Dispose();
            throw;
        }
    }
}
