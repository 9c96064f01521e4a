using Grpc.Core;
using Jobwatch.Client;
using Jobwatch.Clients.Tests.Scripted;
using Jobwatch.V1;
using Microsoft.Extensions.Time.Testing;
using static Jobwatch.Clients.Tests.Scripted.ScriptedWatches;

namespace Jobwatch.Clients.Tests.Watching;

public sealed class ResumingTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Goes_on_by_the_last_cursor_after_unavailable()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client();
        node.Watches.Send(StatusCode.Unavailable, Event(1), new WatchJobResponse { Cursor = "c5", Heartbeat = new Heartbeat() });
        node.Watches.Send(StatusCode.Unavailable);
        node.Watches.Send(StatusCode.OK, Event(6), Event(7));

        Assert.Equal([1, 6, 7], await Positions(client));
        Assert.Equal(["", "c5", "c5"], node.Watches.Requests.Select(request => request.Start?.ResumeCursor ?? ""));
    }

    [Theory]
    // By then retention may have moved the beginning, and nobody would be told of what is between.
    [InlineData(true, "c0")]
    [InlineData(false, "")]
    public async Task A_watch_from_the_beginning_that_breaks_before_its_first_message_goes_on_from_where_it_began(bool fromBeginning, string cursor)
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client();
        node.Watches.Acts.Enqueue(async (_, context) =>
        {
            await context.WriteResponseHeadersAsync(new Metadata { { "jobwatch-last-event-id", "c0" } });
            throw new RpcException(new Status(StatusCode.Unavailable, "away"));
        });
        node.Watches.Send(StatusCode.OK, Event(1));
        var request = new WatchJobRequest { JobId = "j", Start = fromBeginning ? new WatchStart { Beginning = true } : new WatchStart { Latest = true } };

        await using var messages = client.WatchJobAsync(request, null, Cancelled).GetAsyncEnumerator(Cancelled);
        Assert.True(await messages.MoveNextAsync());
        Assert.Equal(cursor, node.Watches.Requests.Last().Start.ResumeCursor);
    }

    [Fact]
    public async Task Goes_on_after_a_torn_connection()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client();
        node.Watches.Acts.Enqueue(async (stream, context) =>
        {
            await stream.WriteAsync(Event(1));
            context.GetHttpContext().Abort();
        });
        node.Watches.Send(StatusCode.OK, Event(2));

        // The event may have been lost with the connection, but not the order.
        var positions = await Positions(client);
        Assert.Equal(2, positions[^1]);
        Assert.Equal(2, node.Watches.Requests.Count);
    }

    [Fact]
    public async Task Finds_a_server_that_went_away_and_came_back()
    {
        var first = await ScriptedNode.StartAsync();
        var port = first.Address.Port;
        await using var client = first.Client();
        first.Watches.Acts.Enqueue(async (stream, context) =>
        {
            await stream.WriteAsync(Event(1));
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
        });

        await using var messages = client.WatchJobAsync(new WatchJobRequest { JobId = "j" }, null, Cancelled).GetAsyncEnumerator(Cancelled);
        Assert.True(await messages.MoveNextAsync());
        var next = messages.MoveNextAsync();
        await first.DisposeAsync();

        await using var second = await ScriptedNode.StartAsync(port);
        second.Watches.Send(StatusCode.OK, Event(2));
        Assert.True(await next);
        Assert.Equal(2, messages.Current.Event.Position);
        Assert.Equal("c1", Assert.Single(second.Watches.Requests).Start.ResumeCursor);
    }

    [Fact]
    public async Task Waits_as_long_as_a_draining_server_asks_and_hides_it()
    {
        var time = new FakeTimeProvider();
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client(options =>
        {
            options.TimeProvider = time;
            // The time may fly while the watch is opened again.
            options.SilenceLimit = TimeSpan.FromDays(1);
        });
        var delay = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromMinutes(3));
        node.Watches.Send(StatusCode.Unavailable, Event(1), new WatchJobResponse { Cursor = "c1", Draining = new Draining { RetryDelay = delay } });
        node.Watches.Send(StatusCode.OK, Event(2));

        await using var messages = client.WatchJobAsync(new WatchJobRequest { JobId = "j" }, null, Cancelled).GetAsyncEnumerator(Cancelled);
        Assert.True(await messages.MoveNextAsync());
        var next = messages.MoveNextAsync().AsTask();
        while (!next.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(2, messages.Current.Event.Position);
        Assert.True(time.GetUtcNow() - time.Start >= TimeSpan.FromMinutes(3));
    }

    [Fact]
    public async Task Shows_snapshot_and_caught_up_once()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client();
        var caughtUp = new WatchJobResponse { Cursor = "c1", CaughtUp = new CaughtUp() };
        node.Watches.Send(StatusCode.Unavailable, new WatchJobResponse { Cursor = "c1", Snapshot = new Snapshot() }, caughtUp);
        node.Watches.Send(StatusCode.OK, caughtUp, Event(2));

        var kinds = await client.WatchJobAsync(new WatchJobRequest { JobId = "j" }, cancellationToken: Cancelled)
            .Select(message => message.MessageCase).ToListAsync(Cancelled);
        Assert.Equal(
            [WatchJobResponse.MessageOneofCase.Snapshot, WatchJobResponse.MessageOneofCase.CaughtUp, WatchJobResponse.MessageOneofCase.Event],
            kinds);
    }

    [Fact]
    public async Task Goes_on_with_what_the_start_says_beyond_the_first_event()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client();
        node.Watches.Send(StatusCode.Unavailable, Event(1));
        node.Watches.Send(StatusCode.OK, Event(2));

        var request = new WatchJobRequest { JobId = "j", Start = new WatchStart { FromExecution = "e" }, UntilExecutionEnds = true };
        Assert.Equal([1, 2], await Positions(client, request));
        Assert.Equal(new WatchStart { FromExecution = "e", ResumeCursor = "c1" }, node.Watches.Requests.Last().Start);
        Assert.Equal("", request.Start.ResumeCursor);
    }

    [Theory]
    [InlineData(StatusCode.InvalidArgument)]
    [InlineData(StatusCode.NotFound)]
    [InlineData(StatusCode.OutOfRange)]
    [InlineData(StatusCode.Unauthenticated)]
    [InlineData(StatusCode.FailedPrecondition)]
    [InlineData(StatusCode.Internal)]
    public async Task Throws_a_status_that_stays(StatusCode code)
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client();
        node.Watches.Send(code, Event(1));

        var error = await Assert.ThrowsAsync<RpcException>(() => Positions(client));
        Assert.Equal(code, error.StatusCode);
        Assert.Single(node.Watches.Requests);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1)]
    public async Task Throws_when_a_position_does_not_rise(long again)
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client();
        node.Watches.Send(StatusCode.Unavailable, Event(1), Event(2));
        node.Watches.Send(StatusCode.OK, Event(again));

        await Assert.ThrowsAsync<StreamOrderException>(() => Positions(client));
    }

    [Fact]
    public async Task Gives_up_when_the_server_was_away_for_the_time_allowed()
    {
        var node = await ScriptedNode.StartAsync();
        await using var client = node.Client(options => options.RetryFor = TimeSpan.FromMilliseconds(50));
        await node.DisposeAsync();

        var error = await Assert.ThrowsAsync<RpcException>(() => Positions(client));
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
    }

    private static async Task<List<long>> Positions(JobwatchClient client, WatchJobRequest? request = null)
    {
        var positions = new List<long>();
        await foreach (var message in client.WatchJobAsync(request ?? new WatchJobRequest { JobId = "j" }, cancellationToken: Cancelled))
        {
            if (message.Event is { } happened)
                positions.Add(happened.Position);
        }

        return positions;
    }
}
