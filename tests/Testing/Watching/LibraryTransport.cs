using Jobwatch.Client;
using Jobwatch.V1;

namespace Jobwatch.Testing.Watching;

/// <summary>The .NET client's watch, which goes on over broken connections by itself.</summary>
internal sealed class LibraryTransport(JobwatchClient client) : Transport
{
    public override async Task<Session> OpenAsync(WatchJobRequest request, CancellationToken cancel)
    {
        var opened = await client.OpenWatchAsync(request, cancellationToken: cancel);
        return new Session(opened, client.FollowAsync(opened, request, cancellationToken: cancel))
        {
            StartedFrom = opened.StartedFrom,
            NothingLeft = opened.NothingLeft,
        };
    }
}
