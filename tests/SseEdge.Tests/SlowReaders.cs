using System.Net.Sockets;
using System.Text;
using Grpc.Core;
using Jobwatch.SseEdge.Tests.Peer;
using Jobwatch.Testing;
using Jobwatch.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Jobwatch.SseEdge.Tests;

public sealed class SlowReaders
{
    private const int LargestReceive = 16 * 1024;

    private long _said;

    [Theory]
    [InlineData("text/event-stream")]
    [InlineData("*/*")]
    public async Task A_reader_that_stops_stops_the_node_at_a_bounded_cost(string accept)
    {
        await using var node = await ScriptedNode.StartAsync();
        node.Watch = SayForeverAsync;
        await using var edge = await RunningEdge.StartAsync(node.Address);
        using var reader = await ConnectAsync(edge, accept);

        var stoppedAt = await UntilNothingMovesAsync();

        // Windows and buffers between node and reader: 64 KiB of HTTP/2, 64 KiB of Kestrel here and as much in the node, twice 128 KiB
        // of the kernel, and what the reader's own kernel took before it said no.
        Assert.InRange(stoppedAt, 1, 1_200_000);
    }

    [Fact]
    public async Task A_reader_that_stops_does_not_stop_its_siblings()
    {
        await using var node = await ScriptedNode.StartAsync();
        node.Watch = SayForeverAsync;
        await using var edge = await RunningEdge.StartAsync(node.Address);
        using var stopped = await ConnectAsync(edge, "text/event-stream");
        await UntilNothingMovesAsync();
        node.Watch = Says.ThenEnds(Says.Events(1, 5000));

        await using var sibling = await EventStream.OpenAsync(edge, "/v1/jobs/j:watch");

        for (var position = 1; position <= 5000; position++)
            Assert.Equal($"c{position}", (await sibling.NextAsync())?.EventId);
    }

    [Fact]
    public async Task A_reader_that_stalls_for_too_long_is_cut_off_and_its_call_ended()
    {
        var time = new FakeTimeProvider();
        await using var node = await ScriptedNode.StartAsync();
        var ended = new TaskCompletionSource();
        node.Watch = async (request, stream, context) =>
        {
            context.CancellationToken.Register(() => ended.TrySetResult());
            await SayForeverAsync(request, stream, context);
        };
        await using var edge = await RunningEdge.StartAsync(node.Address, builder => builder.Services.AddSingleton<TimeProvider>(time));
        using var reader = await ConnectAsync(edge, "text/event-stream");
        await UntilNothingMovesAsync();

        time.Advance(TimeSpan.FromMinutes(4));
        Assert.False(ended.Task.IsCompleted);
        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromMinutes(1));
                return ended.Task.IsCompleted;
            },
            TimeSpan.FromSeconds(10),
            "the call ends");
    }

    [Fact]
    public async Task A_reader_that_stalls_does_not_hold_up_the_edges_end()
    {
        await using var node = await ScriptedNode.StartAsync();
        node.Watch = SayForeverAsync;
        await using var edge = await RunningEdge.StartAsync(node.Address, settings: "--Edge:FarewellTimeout=00:00:00.200");
        using var reader = await ConnectAsync(edge, "text/event-stream");
        await UntilNothingMovesAsync();

        await edge.StopAsync().WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
    }

    private async Task SayForeverAsync(WatchJobRequest request, IServerStreamWriter<WatchJobResponse> stream, ServerCallContext context)
    {
        await context.WriteResponseHeadersAsync(ScriptedNode.Accepted("c0"));
        for (var position = 1; !context.CancellationToken.IsCancellationRequested; position++)
        {
            var message = Says.Event(position, new string('x', 200));
            await stream.WriteAsync(message);
            Interlocked.Add(ref _said, message.CalculateSize());
        }
    }

    // A socket of our own, for its small receive buffer: what HttpClient takes ahead would be counted against the edge.
    private static async Task<Socket> ConnectAsync(RunningEdge edge, string accept)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = LargestReceive };
        await socket.ConnectAsync(edge.Http.BaseAddress!.Host, edge.Http.BaseAddress.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /v1/jobs/j:watch HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n\r\n"));
        return socket;
    }

    private async Task<long> UntilNothingMovesAsync()
    {
        var (last, lookedAlike) = (-1L, 0);
        await Eventually.TrueAsync(
            () =>
            {
                var now = Interlocked.Read(ref _said);
                lookedAlike = now == last && now > 0 ? lookedAlike + 1 : 0;
                last = now;
                return lookedAlike == 20;
            },
            TimeSpan.FromSeconds(30),
            "the node stops");
        return last;
    }
}
