using Grpc.Core;
using Jobwatch.Client;
using Jobwatch.Clients.Tests.Scripted;
using Jobwatch.Testing;
using Jobwatch.V1;
using static Jobwatch.Clients.Tests.Scripted.ScriptedWatches;

namespace Jobwatch.Clients.Tests.Silent;

/// <summary>A node's machine is gone, and nothing says so: no end of a connection, and no ping before the limit.</summary>
public sealed class SilentStreamTests
{
    private static readonly WatchJobRequest Request = new() { JobId = "j" };
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_watch_goes_on_at_another_node_by_its_cursor()
    {
        await using var room = await VanishedNodes.StartAsync();
        await room.ConnectedAsync();
        foreach (var node in room.Nodes)
            Stay(node, Event(1));
        await using var messages = room.Client.WatchJobAsync(Request, null, Cancelled).GetAsyncEnumerator(Cancelled);
        Assert.True(await messages.MoveNextAsync());
        var (gone, other) = Taken(room);
        other.Watches.Acts.Clear();
        other.Watches.Send(StatusCode.OK, Event(2));
        room.Vanish(gone);

        Assert.True(await room.AfterSilenceAsync(messages.MoveNextAsync().AsTask()));
        Assert.Equal(2, messages.Current.Event.Position);
        Assert.Equal("c1", Assert.Single(other.Watches.Requests).Start.ResumeCursor);
    }

    [Fact]
    public async Task A_watch_that_is_opened_on_a_dead_connection_is_opened_at_another_node()
    {
        await using var room = await VanishedNodes.StartAsync();
        await room.ConnectedAsync();
        var (gone, other) = (room.Nodes[0], room.Nodes[1]);
        var proxy = room.Vanish(gone);
        // One of two in turn comes to it.
        other.Watches.Send(StatusCode.OK, Event(1));
        other.Watches.Send(StatusCode.OK, Event(1));
        var opened = new[] { OpenAsync(), OpenAsync() };
        // The other one is answered before the time leaps, or its node would seem silent too.
        await Eventually.TrueAsync(() => proxy.Swallowed > 0 && opened.Any(one => one.IsCompleted), Deadline, "one is sent to nobody");

        await room.AfterSilenceAsync(Task.WhenAll(opened));

        Assert.Equal(2, other.Watches.Requests.Count);
        Assert.Empty(gone.Watches.Requests);

        async Task<string?> OpenAsync()
        {
            await using var watch = await room.Client.OpenWatchAsync(Request, cancellationToken: Cancelled);
            return watch.StartedFrom;
        }
    }

    [Fact]
    public async Task A_reader_that_takes_its_time_is_not_the_nodes_silence()
    {
        await using var room = await VanishedNodes.StartAsync();
        await room.ConnectedAsync();
        var later = new TaskCompletionSource();
        foreach (var node in room.Nodes)
            Stay(node, Event(1), later.Task, Event(2));
        await using var messages = room.Client.WatchJobAsync(Request, null, Cancelled).GetAsyncEnumerator(Cancelled);
        Assert.True(await messages.MoveNextAsync());
        room.Time.Advance(10 * VanishedNodes.Limit);
        var next = messages.MoveNextAsync();
        room.Time.Advance(VanishedNodes.Limit - TimeSpan.FromSeconds(1));
        later.SetResult();

        Assert.True(await next);
        Assert.Equal(2, messages.Current.Event.Position);
        Assert.Single(room.Nodes.SelectMany(node => node.Watches.Requests));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_recorder_goes_on_at_another_node_with_what_is_unanswered(bool isAnsweredFirst)
    {
        await using var room = await VanishedNodes.StartAsync();
        await room.ConnectedAsync();
        foreach (var node in room.Nodes)
            node.Records.BeforeStoring = (request, context) => isAnsweredFirst && request.Sequence == 1 ? Task.CompletedTask : ForeverAsync(context);
        await using var recorder = room.Client.OpenRecorder();
        var first = await recorder.SendAsync(Batch("1"), Cancelled);
        await (isAnsweredFirst ? first.Acknowledged.WaitAsync(Deadline, Cancelled) : ComesAsync(room));
        var gone = room.Nodes.Single(node => node.Records.Streams > 0);
        var other = room.Other(gone);
        other.Records.BeforeStoring = (_, _) => Task.CompletedTask;
        var proxy = room.Vanish(gone);
        var second = await recorder.SendAsync(Batch("2"), Cancelled);
        // It counts from the batch on.
        await Eventually.TrueAsync(() => proxy.Swallowed > 0, Deadline, "the batch is sent to nobody");

        await room.AfterSilenceAsync(second.Acknowledged);
        Assert.Equal(isAnsweredFirst ? ["2"] : ["1", "2"], other.Records.Stored.Select(one => one.EventId).Where(id => id.Length == 1));
    }

    [Fact]
    public async Task A_recorder_with_nothing_unanswered_keeps_its_stream()
    {
        await using var room = await VanishedNodes.StartAsync();
        await room.ConnectedAsync();
        await using var recorder = room.Client.OpenRecorder();
        foreach (var id in new[] { "1", "2", "3" })
        {
            await (await recorder.SendAsync(Batch(id), Cancelled)).Acknowledged.WaitAsync(Deadline, Cancelled);
            room.Time.Advance(2 * VanishedNodes.Limit);
        }

        Assert.Equal(1, room.Nodes.Sum(node => node.Records.Streams));
    }

    [Theory]
    [InlineData(0.999)]
    [InlineData(86_401)]
    public void A_limit_out_of_its_range_is_refused(double seconds)
    {
        var options = new JobwatchClientOptions { SilenceLimit = TimeSpan.FromSeconds(seconds) };

        var refused = Assert.Throws<ArgumentException>(() => new JobwatchClient(options));
        Assert.Contains(options.SilenceLimit.ToString(), refused.Message, StringComparison.Ordinal);
    }

    private static (ScriptedNode Taken, ScriptedNode Other) Taken(VanishedNodes room)
    {
        var taken = room.Nodes.Single(node => !node.Watches.Requests.IsEmpty);
        return (taken, room.Other(taken));
    }

    private static void Stay(ScriptedNode node, WatchJobResponse first, Task? until = null, WatchJobResponse? then = null) =>
        node.Watches.Acts.Enqueue(async (stream, context) =>
        {
            await stream.WriteAsync(first);
            if (until is not null)
                await until;
            if (then is not null)
                await stream.WriteAsync(then);
            await ForeverAsync(context);
        });

    private static Task ForeverAsync(ServerCallContext context) =>
        Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);

    private static Task ComesAsync(VanishedNodes room) => Eventually.TrueAsync(
        () => room.Nodes.Any(node => node.Records.Streams > 0), Deadline, "the stream is there");

    private static AppendEventsRequest Batch(string id) => new() { JobId = "j", Events = { new ExecutionEvent { EventId = id } } };
}
