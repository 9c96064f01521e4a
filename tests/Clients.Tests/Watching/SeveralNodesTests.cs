using Grpc.Core;
using Jobwatch.Client;
using Jobwatch.Clients.Tests.Scripted;
using Jobwatch.Testing;
using Jobwatch.V1;
using static Jobwatch.Clients.Tests.Scripted.ScriptedWatches;

namespace Jobwatch.Clients.Tests.Watching;

public sealed class SeveralNodesTests
{
    private static readonly WatchJobRequest Request = new() { JobId = "j" };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_go_to_all_nodes_in_turn()
    {
        await using var first = await ScriptedNode.StartAsync();
        await using var second = await ScriptedNode.StartAsync();
        await using var client = Of(first, second);
        await ConnectedAsync(client, first, second);
        var before = (First: first.Records.Requests.Count, Second: second.Records.Requests.Count);

        for (var i = 0; i < 20; i++)
            await client.AppendAsync("j", [new ExecutionEvent()], Cancelled);

        Assert.Equal((10, 10), (first.Records.Requests.Count - before.First, second.Records.Requests.Count - before.Second));
    }

    [Fact]
    public async Task A_watch_that_one_node_refuses_because_it_is_leaving_is_opened_at_the_other_at_once()
    {
        await using var leaving = await ScriptedNode.StartAsync();
        await using var staying = await ScriptedNode.StartAsync();
        leaving.Watches.Otherwise = StatusCode.Unavailable;
        await using var client = Of(leaving, staying);
        for (var i = 0; i < 10; i++)
        {
            staying.Watches.Send(StatusCode.OK, Event(1));
            await using var opened = await client.OpenWatchAsync(Request, cancellationToken: Cancelled);
            Assert.Equal("c0", opened.StartedFrom);
        }

        // Passed over once it is known to be leaving.
        Assert.InRange(leaving.Watches.Requests.Count, 0, 1);
    }

    [Fact]
    public async Task A_call_that_may_not_be_repeated_is_taken_to_another_node_only_where_the_first_did_nothing()
    {
        await using var leaving = await ScriptedNode.StartAsync();
        await using var staying = await ScriptedNode.StartAsync();
        leaving.Records.Otherwise = ScriptedRecords.Draining;
        await using var client = Of(leaving, staying);
        for (var i = 0; i < 10; i++)
            await client.CallAsync(() => client.Records.AppendEventsAsync(new AppendEventsRequest(), cancellationToken: Cancelled));
        leaving.Records.Otherwise = staying.Records.Otherwise = new RpcException(new Status(StatusCode.Unavailable, "perhaps it was stored"));
        var before = leaving.Records.Requests.Count + staying.Records.Requests.Count;

        await Assert.ThrowsAsync<RpcException>(
            () => client.CallAsync(() => client.Records.AppendEventsAsync(new AppendEventsRequest(), cancellationToken: Cancelled)));
        Assert.Equal(1, leaving.Records.Requests.Count + staying.Records.Requests.Count - before);
    }

    [Fact]
    public async Task A_watch_goes_on_at_another_node_when_its_own_is_gone()
    {
        var nodes = new[] { await ScriptedNode.StartAsync(), await ScriptedNode.StartAsync() };
        foreach (var node in nodes)
        {
            node.Watches.Acts.Enqueue(async (stream, context) =>
            {
                await stream.WriteAsync(Event(1));
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
            });
        }

        await using var client = Of(nodes);
        await using var messages = client.WatchJobAsync(Request, null, Cancelled).GetAsyncEnumerator(Cancelled);
        Assert.True(await messages.MoveNextAsync());
        var next = messages.MoveNextAsync();
        var (gone, other) = nodes[0].Watches.Requests.IsEmpty ? (nodes[1], nodes[0]) : (nodes[0], nodes[1]);
        other.Watches.Acts.Clear();
        other.Watches.Send(StatusCode.OK, Event(2));
        await gone.DisposeAsync();

        Assert.True(await next);
        Assert.Equal(2, messages.Current.Event.Position);
        Assert.Equal("c1", Assert.Single(other.Watches.Requests).Start.ResumeCursor);
        await other.DisposeAsync();
    }

    [Fact]
    public async Task A_node_whose_stream_broke_is_passed_over()
    {
        await using var first = await ScriptedNode.StartAsync();
        await using var second = await ScriptedNode.StartAsync();
        await using var client = Of(first, second);
        await ConnectedAsync(client, first, second);
        var breaks = new TaskCompletionSource();
        foreach (var node in new[] { first, second })
        {
            node.Watches.Acts.Enqueue(async (stream, context) =>
            {
                await stream.WriteAsync(Event(1));
                await breaks.Task;
                context.GetHttpContext().Abort();
            });
        }

        await using var messages = client.WatchJobAsync(Request, null, Cancelled).GetAsyncEnumerator(Cancelled);
        Assert.True(await messages.MoveNextAsync());
        var next = messages.MoveNextAsync();
        var (broken, other) = first.Watches.Requests.IsEmpty ? (second, first) : (first, second);
        other.Watches.Acts.Clear();
        other.Watches.Send(StatusCode.OK, Event(2));
        broken.Watches.Send(StatusCode.OK, Event(2));
        // The other one's turn: the next call would be the first one's again.
        await client.AppendAsync("j", [new ExecutionEvent()], Cancelled);
        breaks.SetResult();

        Assert.True(await next);
        Assert.Single(broken.Watches.Requests);
        Assert.Single(other.Watches.Requests);
    }

    [Fact]
    public async Task A_name_is_looked_up()
    {
        await using var node = await ScriptedNode.StartAsync();
        node.Watches.Send(StatusCode.OK, Event(1));
        await using var client = new JobwatchClient(new JobwatchClientOptions
        {
            Address = new Uri($"dns:///localhost:{node.Address.Port}"),
            InitialBackoff = TimeSpan.FromMilliseconds(1),
        });

        Assert.Equal(1, await client.WatchJobAsync(Request, cancellationToken: Cancelled).CountAsync(Cancelled));
    }

    [Theory]
    [InlineData("https://b:1", "http://a:1")]
    [InlineData("dns:///a:1", "dns:///b:1")]
    [InlineData("ftp://a:1")]
    public void Addresses_that_do_not_go_together_are_refused(params string[] addresses)
    {
        var options = new JobwatchClientOptions { Addresses = [.. addresses.Select(address => new Uri(address))] };

        Assert.Contains(addresses[0], Assert.Throws<ArgumentException>(() => new JobwatchClient(options)).Message, StringComparison.Ordinal);
    }

    private static Task ConnectedAsync(JobwatchClient client, ScriptedNode first, ScriptedNode second) => Eventually.TrueAsync(
        async _ =>
        {
            await client.AppendAsync("j", [new ExecutionEvent()], Cancelled);
            return !first.Records.Requests.IsEmpty && !second.Records.Requests.IsEmpty;
        },
        TimeSpan.FromSeconds(30), "both are connected");

    private static JobwatchClient Of(params ScriptedNode[] nodes) => new(new JobwatchClientOptions
    {
        Addresses = [.. nodes.Select(node => node.Address)],
        InitialBackoff = TimeSpan.FromMilliseconds(1),
    });
}
