using Jobwatch.Client;
using Jobwatch.Clients.Tests.Scripted;
using Jobwatch.V1;

namespace Jobwatch.Clients.Tests.Watching;

public sealed class ManyJobsTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Goes_on_by_the_last_cursor_of_all_jobs()
    {
        await using var node = await ScriptedNode.StartAsync();
        node.Watches.ManyActs.Enqueue([Event("a", 7), Event("b", 2), Of("c1", new WatchJobsResponse { CaughtUp = new CaughtUp() })]);
        node.Watches.ManyActs.Enqueue([Event("b", 3), Of("c2", new WatchJobsResponse { CaughtUp = new CaughtUp() }), Event("a", 8)]);
        var request = new WatchJobsRequest { JobIds = { "a", "b" }, Start = new WatchStart { Beginning = true } };

        Assert.Equal(["a 7", "b 2", "caught up", "b 3", "a 8"], await ReadAsync(node, request));
        Assert.Equal(["", "c1"], node.Watches.ManyRequests.Select(asked => asked.Start.ResumeCursor));
        Assert.All(node.Watches.ManyRequests, asked => Assert.Equal((true, 2), (asked.Start.Beginning, asked.JobIds.Count)));
    }

    [Fact]
    public async Task A_position_that_does_not_rise_within_its_job_is_the_servers_fault()
    {
        await using var node = await ScriptedNode.StartAsync();
        node.Watches.ManyActs.Enqueue([Event("a", 7), Event("b", 2)]);
        node.Watches.ManyActs.Enqueue([Event("b", 3), Event("a", 7)]);

        var error = await Assert.ThrowsAsync<StreamOrderException>(() => ReadAsync(node, new WatchJobsRequest()));
        Assert.Contains("Position 7 came after 7 in job a", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("")]
    public async Task A_job_that_was_deleted_begins_anew(string deleted)
    {
        await using var node = await ScriptedNode.StartAsync();
        node.Watches.ManyActs.Enqueue([Event("a", 7), Of("c", new WatchJobsResponse { JobId = deleted, Gap = new Gap { Reason = "deleted" } }), Event("a", 1)]);

        Assert.Equal(["a 7", "gap", "a 1"], await ReadAsync(node, new WatchJobsRequest()));
    }

    private static async Task<List<string>> ReadAsync(ScriptedNode node, WatchJobsRequest request)
    {
        await using var client = node.Client();
        var read = new List<string>();
        await foreach (var message in client.WatchJobsAsync(request, cancellationToken: Cancelled))
            read.Add(message.Event is { } one ? $"{one.JobId} {one.Position}" : message.Gap is not null ? "gap" : "caught up");
        return read;
    }

    private static WatchJobsResponse Event(string job, long position) =>
        Of($"{job}{position}", new WatchJobsResponse { JobId = job, Event = new ExecutionEvent { JobId = job, Position = position } });

    private static WatchJobsResponse Of(string cursor, WatchJobsResponse message)
    {
        message.Cursor = cursor;
        return message;
    }
}
