using System.Diagnostics;
using Grpc.Core;
using Jobwatch.Client;
using Jobwatch.Testing;
using Jobwatch.V1;

namespace Jobwatch.Clients.Tests.Watching;

/// <summary>Several nodes, of which none can be reached for a while.</summary>
public sealed class NodesAwayTests
{
    private static readonly WatchJobRequest Request = new() { JobId = "j" };

    [Fact]
    public async Task Once_all_nodes_have_failed_a_call_is_refused_at_once_while_they_are_tried_again()
    {
        using var silent = new SilentPort();
        await using var client = Client(silent.Address, Free());
        await AssertRefusedAsync(client);
        var since = Stopwatch.StartNew();

        // For longer than the next attempt to connect takes.
        await Eventually.TrueAsync(
            async _ =>
            {
                var begun = since.Elapsed;
                await AssertRefusedAsync(client);
                Assert.InRange(since.Elapsed - begun, TimeSpan.Zero, TimeSpan.FromSeconds(1));
                return since.Elapsed > TimeSpan.FromSeconds(6);
            },
            TimeSpan.FromSeconds(20), "time passes");
    }

    private static Uri Free() => new($"http://127.0.0.1:{Ports.Free()}");

    private static JobwatchClient Client(params Uri[] addresses) => new(new JobwatchClientOptions { Addresses = addresses });

    private static async Task AssertRefusedAsync(JobwatchClient client)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => client.OpenWatchAsync(Request, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
    }
}
