using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Jobwatch.Client;
using Jobwatch.Clients.Tests.Scripted;
using Jobwatch.V1;
using Status = Grpc.Core.Status;

namespace Jobwatch.Clients.Tests.Watching;

public sealed class OpeningTests
{
    private const int MessageBytes = 4096;
    private static readonly WatchJobRequest Request = new() { JobId = "j" };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Opens_when_the_headers_are_there_though_no_message_is()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client();
        var go = new TaskCompletionSource();
        node.Watches.Acts.Enqueue(async (stream, context) =>
        {
            await context.WriteResponseHeadersAsync(new Metadata { { "jobwatch-last-event-id", "c9" } });
            await go.Task;
            await stream.WriteAsync(ScriptedWatches.Event(10));
        });

        await using var watch = await client.OpenWatchAsync(Request, cancellationToken: Cancelled);
        Assert.Equal("c9", watch.StartedFrom);
        Assert.False(watch.NothingLeft);
        go.SetResult();
        Assert.Equal(10, (await watch.Messages.SingleAsync(Cancelled)).Event.Position);
    }

    [Fact]
    public async Task Opens_though_the_node_names_no_cursor()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client();
        var go = new TaskCompletionSource();
        node.Watches.Acts.Enqueue(async (_, context) =>
        {
            await context.WriteResponseHeadersAsync([]);
            await go.Task;
        });

        await using var watch = await client.OpenWatchAsync(Request, cancellationToken: Cancelled);
        Assert.Null(watch.StartedFrom);
        go.SetResult();
        Assert.Empty(await watch.Messages.ToListAsync(Cancelled));
    }

    [Fact]
    public async Task Tells_of_a_watch_with_nothing_left()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client();
        node.Watches.Acts.Enqueue((_, context) => context.WriteResponseHeadersAsync(new Metadata { { "jobwatch-nothing-left", "true" } }));

        await using var watch = await client.OpenWatchAsync(Request, cancellationToken: Cancelled);
        Assert.True(watch.NothingLeft);
        Assert.Empty(await watch.Messages.ToListAsync(Cancelled));
    }

    [Fact]
    public async Task Throws_a_refusal_with_all_its_details()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client();
        var refusal = new Google.Rpc.Status
        {
            Code = (int)Code.InvalidArgument,
            Message = "no",
            Details =
            {
                Any.Pack(new ErrorInfo { Domain = "jobwatch", Reason = "INVALID_FILTER", Metadata = { { "field", "x" } } }),
                Any.Pack(new BadRequest { FieldViolations = { new BadRequest.Types.FieldViolation { Field = "filter.text" } } }),
                Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(TimeSpan.FromSeconds(2)) }),
            },
        };
        node.Watches.Acts.Enqueue((_, _) => throw refusal.ToRpcException());

        var error = await Assert.ThrowsAsync<RpcException>(() => client.OpenWatchAsync(Request, cancellationToken: Cancelled));
        var details = StatusDetails.Of(error);
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Equal("INVALID_FILTER", details.Reason);
        Assert.Equal("x", details.Metadata["field"]);
        Assert.Equal("filter.text", Assert.Single(details.FieldViolations).Field);
        Assert.Equal(TimeSpan.FromSeconds(2), details.RetryDelay);
    }

    [Fact]
    public void Reads_an_error_without_details()
    {
        var details = StatusDetails.Of(new RpcException(new Status(StatusCode.Unavailable, "away")));
        Assert.Null(details.Reason);
        Assert.Null(details.RetryDelay);
        Assert.Empty(details.FieldViolations);
    }

    [Fact]
    public async Task Sends_its_token_unless_the_call_brings_one()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client(options => options.Token = "own");
        node.Watches.Send(StatusCode.OK);
        node.Watches.Send(StatusCode.OK);

        await using var first = await client.OpenWatchAsync(Request, cancellationToken: Cancelled);
        await using var second = await client.OpenWatchAsync(Request, new Metadata { { "authorization", "Bearer other" } }, Cancelled);
        Assert.Equal(["Bearer own", "Bearer other"], node.Watches.Headers.Select(headers => headers.GetValue("authorization")));
    }

    [Fact]
    public async Task A_reader_that_stops_stops_the_node_and_not_its_sibling()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client();
        long[] sent = [0, 0];
        node.Watches.Acts.Enqueue((stream, _) => Flood(stream, sent, 0));
        node.Watches.Acts.Enqueue((stream, _) => Flood(stream, sent, 1));

        await using var idle = await client.OpenWatchAsync(Request, cancellationToken: Cancelled);
        Assert.True(await idle.Reader.MoveNext(Cancelled));
        await using var sibling = await client.OpenWatchAsync(Request, cancellationToken: Cancelled);
        Assert.Equal(4000, await sibling.Messages.CountAsync(Cancelled));

        // 64 KiB of window and what Kestrel holds; with windows that grow it would be megabytes.
        Assert.InRange(Interlocked.Read(ref sent[0]) * MessageBytes, 1, 256 * 1024);
    }

    private static async Task Flood(IServerStreamWriter<WatchJobResponse> stream, long[] sent, int which)
    {
        var text = new string('x', MessageBytes);
        for (var position = 1; position <= 4000; position++)
        {
            var message = ScriptedWatches.Event(position);
            message.Event.LogWritten = new LogWritten { Text = text };
            await stream.WriteAsync(message);
            Interlocked.Increment(ref sent[which]);
        }
    }
}
