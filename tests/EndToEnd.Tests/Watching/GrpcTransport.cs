using Grpc.Core;
using Jobwatch.V1;

namespace Jobwatch.EndToEnd.Tests.Watching;

/// <summary>A generated client at the node.</summary>
internal sealed class GrpcTransport(WatchService.WatchServiceClient watches) : Transport
{
    public override async Task<Session> OpenAsync(WatchJobRequest request, CancellationToken cancel)
    {
        var call = watches.WatchJob(request, cancellationToken: cancel);
        try
        {
            var headers = await call.ResponseHeadersAsync;
            // A refusal is a header without a stream: its status comes with the first read.
            string? startedFrom = headers.GetValue("jobwatch-last-event-id");
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
