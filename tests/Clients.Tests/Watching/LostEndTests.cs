using Grpc.Core;
using Jobwatch.Clients.Tests.Scripted;
using Jobwatch.V1;
using Microsoft.Extensions.Time.Testing;
using static Jobwatch.Clients.Tests.Scripted.ScriptedWatches;

namespace Jobwatch.Clients.Tests.Watching;

/// <summary>A connection breaks between an execution's last event and its end, which has the same cursor.</summary>
public sealed class LostEndTests
{
    private static readonly ExecutionEvent Last = new()
    {
        JobId = "j",
        ExecutionId = "e",
        Position = 2,
        Status = ExecutionStatus.Succeeded,
        ExecutionSucceeded = new ExecutionSucceeded(),
    };

    private static readonly ExecutionEnded Ended = new() { ExecutionId = "e", Status = ExecutionStatus.Succeeded, Position = 2 };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_end_comes_once_between_the_last_event_and_what_follows()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client();
        WatchJobResponse last = new() { Cursor = "c2", Event = Last }, ended = new() { Cursor = "c2", ExecutionEnded = Ended };
        node.Watches.Send(StatusCode.Unavailable, Event(1), last);
        node.Watches.Send(StatusCode.Unavailable);
        node.Watches.Send(StatusCode.OK, Event(3, "f"));

        var all = await client.WatchJobAsync(new WatchJobRequest { JobId = "j" }, cancellationToken: Cancelled).ToListAsync(Cancelled);

        Assert.Equal([Event(1), last, ended, Event(3, "f")], all);
        Assert.Equal(["", "c2", "c2"], node.Watches.Requests.Select(request => request.Start?.ResumeCursor ?? ""));
    }

    [Fact]
    public async Task An_end_that_came_does_not_come_again()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client();
        WatchJobResponse last = new() { Cursor = "c2", Event = Last }, ended = new() { Cursor = "c2", ExecutionEnded = Ended };
        node.Watches.Send(StatusCode.Unavailable, last, ended);
        node.Watches.Send(StatusCode.OK, Event(3, "f"));

        var all = await client.WatchJobAsync(new WatchJobRequest { JobId = "j" }, cancellationToken: Cancelled).ToListAsync(Cancelled);

        Assert.Equal([last, ended, Event(3, "f")], all);
    }

    [Fact]
    public async Task It_comes_before_the_error_where_nothing_is_tried_again()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client(options => options.RetryFor = TimeSpan.Zero);
        node.Watches.Send(StatusCode.Unavailable, new WatchJobResponse { Cursor = "c2", Event = Last });
        await using var watch = client.WatchJobAsync(new WatchJobRequest { JobId = "j" }, cancellationToken: Cancelled).GetAsyncEnumerator(Cancelled);

        Assert.True(await watch.MoveNextAsync());
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal(new WatchJobResponse { Cursor = "c2", ExecutionEnded = Ended }, watch.Current);
        var error = await Assert.ThrowsAsync<RpcException>(async () => await watch.MoveNextAsync());
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Single(node.Watches.Requests);
    }

    [Fact]
    public async Task It_comes_before_the_wait_for_the_next_connection()
    {
        await using var node = await ScriptedNode.StartAsync();
        // It stands still.
        await using var client = node.Client(options => options.TimeProvider = new FakeTimeProvider());
        node.Watches.Send(StatusCode.Unavailable, new WatchJobResponse { Cursor = "c2", Event = Last });
        await using var watch = client.WatchJobAsync(new WatchJobRequest { JobId = "j" }, cancellationToken: Cancelled).GetAsyncEnumerator(Cancelled);

        Assert.True(await watch.MoveNextAsync());
        Assert.True(await watch.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancelled));
        Assert.Equal(new WatchJobResponse { Cursor = "c2", ExecutionEnded = Ended }, watch.Current);
    }

    [Fact]
    public async Task Of_many_jobs_it_names_the_job()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client();
        WatchJobsResponse last = new() { Cursor = "m", JobId = "j", Event = Last };
        node.Watches.ManyActs.Enqueue([last]);
        node.Watches.ManyActs.Enqueue([]);

        var all = await client.WatchJobsAsync(new WatchJobsRequest(), cancellationToken: Cancelled).ToListAsync(Cancelled);

        Assert.Equal([last, new WatchJobsResponse { Cursor = "m", JobId = "j", ExecutionEnded = new ExecutionEnded(Ended) { JobId = "j" } }], all);
    }

    [Fact]
    public async Task A_replay_ends_with_it()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client();
        ReplayExecutionResponse last = new() { Cursor = "c2", Event = Last };
        node.Watches.ReplayActs.Enqueue([last]);
        node.Watches.ReplayActs.Enqueue([]);
        var request = new ReplayExecutionRequest { JobId = "j", ExecutionId = "e" };

        var all = await client.ReplayExecutionAsync(request, cancellationToken: Cancelled).ToListAsync(Cancelled);

        Assert.Equal([last, new ReplayExecutionResponse { Cursor = "c2", ExecutionEnded = Ended }], all);
    }
}
