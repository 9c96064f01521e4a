using System.Net.Sockets;
using Grpc.Core;
using Jobwatch.Client;
using Jobwatch.Clients.Tests.EndToEnd;
using Jobwatch.Clients.Tests.Scripted;
using Jobwatch.Testing;
using Jobwatch.V1;
using static Jobwatch.Clients.Tests.Scripted.ScriptedWatches;

namespace Jobwatch.Clients.Tests.Watching;

/// <summary>At one of the addresses something else than a node is.</summary>
public sealed class StrangeNodesTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_is_taken_to_a_node_where_the_other_address_closes_connections_without_a_word()
    {
        await using var closing = new ClosingPort();
        await using var node = await ScriptedNode.StartAsync();
        await using var client = Of(closing.Address, node.Address);
        await Eventually.TrueAsync(
            async _ =>
            {
                try
                {
                    await client.CallAsync(() => client.Records.AppendEventsAsync(new AppendEventsRequest(), cancellationToken: Cancelled));
                }
                catch (RpcException torn) when (torn.Status.DebugException?.GetBaseException() is SocketException { SocketErrorCode: SocketError.Shutdown })
                {
                    // It was being written when the other side closed. What had come through by then nobody can tell, so that the caller is told.
                    return false;
                }

                return closing.Taken > 1 && !node.Records.Requests.IsEmpty;
            },
            Deadline, "the other address was tried too");
    }

    [Fact]
    public async Task A_watch_waits_for_its_node_although_the_other_address_is_not_a_nodes()
    {
        var port = Ports.Free();
        await using var stranger = await HttpServer.StartAsync(isKestrel: true);
        await using var client = Of(stranger.Address, new Uri($"http://127.0.0.1:{port}"));
        await StrangerIsMetAsync(client);
        var positions = client.WatchJobAsync(new WatchJobRequest { JobId = "j" }, cancellationToken: Cancelled)
            .Select(message => message.Event.Position).ToListAsync(Cancelled).AsTask();
        await StrangerIsMetAsync(client);

        await using var node = await ScriptedNode.StartAsync(port);
        node.Watches.Send(StatusCode.OK, Event(1));
        Assert.Equal([1], await positions.WaitAsync(Deadline, Cancelled));
    }

    [Fact]
    public async Task Appends_wait_for_their_node_although_the_other_address_is_not_a_nodes()
    {
        var port = Ports.Free();
        await using var stranger = await HttpServer.StartAsync(isKestrel: true);
        await using var client = Of(stranger.Address, new Uri($"http://127.0.0.1:{port}"));
        await StrangerIsMetAsync(client);
        await using var recorder = client.OpenRecorder();
        var batch = await recorder.SendAsync(new AppendEventsRequest { JobId = "j", Events = { new ExecutionEvent() } }, Cancelled);
        var single = client.AppendAsync("j", [new ExecutionEvent()], Cancelled);
        await StrangerIsMetAsync(client);

        await using var node = await ScriptedNode.StartAsync(port);
        await batch.Acknowledged.WaitAsync(Deadline, Cancelled);
        await single.WaitAsync(Deadline, Cancelled);
        Assert.Equal(2, node.Records.Stored.Count);
    }

    [Fact]
    public async Task Where_no_address_is_a_nodes_a_watch_ends()
    {
        await using var one = await HttpServer.StartAsync(isKestrel: true);
        await using var other = await HttpServer.StartAsync(isKestrel: true);
        await using var client = Of(one.Address, other.Address);

        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await client.WatchJobAsync(new WatchJobRequest { JobId = "j" }, cancellationToken: Cancelled).CountAsync(Cancelled));
        Assert.True(StatusDetails.IsOfAnotherProtocol(refused));
    }

    [Fact]
    public async Task A_breach_by_a_node_that_has_answered_is_a_broken_connection()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var gate = new SpoiledPort(node.Address);
        await using var client = Of(gate.Address);
        await client.AppendAsync("j", [new ExecutionEvent()], Cancelled);
        node.Records.Acts.Enqueue(_ => gate.SpoilAsync());

        var broken = await Assert.ThrowsAsync<RpcException>(
            () => client.CallAsync(() => client.Records.AppendEventsAsync(new AppendEventsRequest(), cancellationToken: Cancelled)));
        Assert.False(StatusDetails.IsOfAnotherProtocol(broken));
        Assert.True(StatusDetails.IsOfConnection(broken));
        Assert.Contains("invalid data", broken.ToString(), StringComparison.Ordinal);
    }

    // Again and again: what is connected is this alone, while the other address refuses.
    private static async Task StrangerIsMetAsync(JobwatchClient client)
    {
        for (var met = 0; met < 3;)
        {
            var error = await Assert.ThrowsAsync<RpcException>(
                () => client.OpenWatchAsync(new WatchJobRequest { JobId = "j" }, cancellationToken: Cancelled));
            met += StatusDetails.IsOfAnotherProtocol(error) ? 1 : 0;
        }
    }

    private static JobwatchClient Of(params Uri[] addresses) => new(new JobwatchClientOptions
    {
        Addresses = addresses,
        InitialBackoff = TimeSpan.FromMilliseconds(1),
        MaxBackoff = TimeSpan.FromMilliseconds(50),
    });
}
