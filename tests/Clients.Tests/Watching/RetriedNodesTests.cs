using Grpc.Core;
using Jobwatch.Client;
using Jobwatch.Clients.Tests.Scripted;
using Jobwatch.Testing;
using Jobwatch.V1;
using Microsoft.Extensions.Time.Testing;
using static Jobwatch.Clients.Tests.Scripted.ScriptedWatches;

namespace Jobwatch.Clients.Tests.Watching;

public sealed class RetriedNodesTests
{
    private static readonly WatchJobRequest Request = new() { JobId = "j" };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    // The channel's own next attempt is a day away, as good as one that never comes.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_node_whose_attempts_to_connect_have_ended_is_connected_to_anew(int addresses)
    {
        var time = new FakeTimeProvider();
        var ports = Enumerable.Range(0, addresses).Select(_ => Ports.Free()).ToList();
        var given = ports.ConvertAll(port => new Uri($"http://127.0.0.1:{port}"));
        await using var client = new JobwatchClient(new JobwatchClientOptions
        {
            Address = given[0],
            Addresses = addresses > 1 ? given : [],
            InitialBackoff = TimeSpan.FromDays(1),
            TimeProvider = time,
        });
        await Assert.ThrowsAsync<RpcException>(() => client.OpenWatchAsync(Request, cancellationToken: Cancelled));
        await using var node = await ScriptedNode.StartAsync(ports[^1]);
        node.Watches.Send(StatusCode.OK, Event(1));

        await Eventually.TrueAsync(
            async _ =>
            {
                time.Advance(TimeSpan.FromSeconds(10.1));
                try
                {
                    await using var watch = await client.OpenWatchAsync(Request, cancellationToken: Cancelled);
                    return true;
                }
                catch (RpcException away) when (away.StatusCode == StatusCode.Unavailable)
                {
                    return false;
                }
            },
            TimeSpan.FromSeconds(10), "the node is connected to");
    }
}
