using System.Diagnostics;
using Grpc.Core;
using Jobwatch.Client;
using Jobwatch.Clients.Tests.Scripted;
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

    [Fact]
    public async Task A_node_that_was_away_for_long_is_found_again_by_every_client()
    {
        var (one, other) = (Free(), Free());
        var clients = Enumerable.Range(0, 60).Select(_ => Client(one, other)).ToList();
        var since = Stopwatch.StartNew();
        // An attempt to connect is given up after 5 s, and another one is begun.
        await Task.WhenAll(clients.Select(AssertRefusedAsync));
        await Eventually.TrueAsync(() => since.Elapsed > TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(60), "time passes");

        await using var node = await ScriptedNode.StartAsync(one.Port);
        foreach (var client in clients)
        {
            await Eventually.TrueAsync(() => client.IsConnected, TimeSpan.FromSeconds(15), "every client is connected");
            await client.DisposeAsync();
        }
    }

    private static Uri Free() => new($"http://127.0.0.1:{Ports.Free()}");

    private static JobwatchClient Client(params Uri[] addresses) => new(new JobwatchClientOptions { Addresses = addresses });

    private static async Task AssertRefusedAsync(JobwatchClient client)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => client.OpenWatchAsync(Request, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
    }
}
