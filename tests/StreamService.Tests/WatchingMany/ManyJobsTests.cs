using Grpc.Core;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Tests.Watching;
using Jobwatch.V1;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;
using Message = Jobwatch.V1.WatchJobsResponse.MessageOneofCase;

namespace Jobwatch.StreamService.Tests.WatchingMany;

public sealed class ManyJobsTests : IAsyncLifetime
{
    private NodeUnderTest _node = null!;

    public async ValueTask InitializeAsync() =>
        _node = await NodeUnderTest.StartAsync(settings: [("Live:SweepInterval", "00:00:01"), ("Watching:HeartbeatInterval", "00:00:15")]);

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task From_the_latest_each_job_has_a_snapshot_and_then_what_comes()
    {
        for (var i = 0; i < 45; i++)
        {
            await AppendAsync($"job-{i}", Started("e"), Logged("e"));
        }

        using var watch = new JobsSession(_node, new WatchJobsRequest());
        var messages = await watch.UntilAsync(Message.CaughtUp);
        await AppendAsync("job-7", Logged("e"));

        Assert.All(messages.SkipLast(1), message =>
        {
            Assert.Equal((message.JobId, 2L), (message.Snapshot.Job.JobId, message.Snapshot.Job.LastPosition));
            Assert.Equal("e", message.Snapshot.Executions.Single().ExecutionId);
        });
        Assert.Equal(Enumerable.Range(0, 45).Select(i => $"job-{i}").Order(), messages.SkipLast(1).Select(message => message.JobId).Order());
        Assert.Equal(["job-7 3"], await watch.EventsAsync(1));
    }

    [Fact]
    public async Task No_heartbeat_stands_after_an_end_that_was_not_said_yet()
    {
        await using var node = await NodeUnderTest.StartAsync(
            settings: [("Watching:MaxStreamAge", "30.00:00:00"), ("Watching:StallTimeout", "1.00:00:00"), ("Watching:HeartbeatInterval", "00:00:15")]);
        var log = Enumerable.Range(0, 254).Select(_ => Logged("e")).Prepend(Started("e")).Append(Succeeded("e"));
        await node.AppendAsync(new JobKey("local", "a"), [.. log]);
        // At each look a heartbeat is due. The last event is the 256th that is passed over, and then comes a look.
        node.Time.AutoAdvanceAmount = TimeSpan.FromSeconds(16);
        using var watch = new JobsSession(
            node, new WatchJobsRequest { Start = new WatchStart { Beginning = true }, Filter = new EventFilter { EventTypes = { "error_raised" } } });

        var messages = await watch.UntilAsync(Message.ExecutionEnded);
        Assert.All(messages.SkipLast(1), message => Assert.NotEqual(256, JobsSession.Positions(message.Cursor).Values.Single()));
        await watch.NextAsync(Message.Heartbeat);
    }

    [Fact]
    public async Task A_session_that_is_cut_among_the_snapshots_leaves_the_others_to_the_next()
    {
        foreach (var jobId in new[] { "a", "b", "c" })
        {
            await AppendAsync(jobId, Started("e"));
        }

        var told = new List<string>();
        var request = new WatchJobsRequest { Start = new WatchStart() };
        for (var session = 0; session < 3; session++)
        {
            using var watch = new JobsSession(_node, request);
            var message = await watch.NextAsync(Message.Snapshot);
            told.Add(message.JobId);
            request.Start.ResumeCursor = message.Cursor;
        }

        Assert.Equal(["a", "b", "c"], told.Order());
        using var last = new JobsSession(_node, request);
        await last.NextAsync(Message.CaughtUp);
    }

    [Fact]
    public async Task A_job_with_a_long_history_does_not_keep_the_others_waiting()
    {
        // Long enough for what a busy machine does to one short read.
        ExecutionEvent[] Lines() => [.. Enumerable.Range(0, 900).Select(_ => Logged("e", new string('x', 500)))];
        foreach (var jobId in new[] { "l-1", "l-2", "l-3", "l-4", "l-5", "l-6" })
        {
            await AppendAsync(jobId, Started("e"));
            for (var batch = 0; batch < 9; batch++)
            {
                await AppendAsync(jobId, Lines());
            }
        }

        await AppendAsync("short", Started("e"), Logged("e"));
        using var watch = new JobsSession(_node, new WatchJobsRequest { Start = new WatchStart { Beginning = true } });
        var order = new List<string>();
        while (order.Count < (6 * 8101) + 2)
        {
            order.AddRange(await watch.EventsAsync(1));
        }

        Assert.InRange(order.IndexOf("short 2"), 0, order.Count / 2);
        Assert.InRange(order.IndexOf("l-6 8101") - order.IndexOf("l-1 8101"), -order.Count / 2, order.Count / 2);
    }

    [Fact]
    public async Task A_heartbeat_has_a_cursor_that_has_passed_what_the_filter_left_out()
    {
        await AppendAsync("a", Started("e"));
        using var watch = new JobsSession(_node, new WatchJobsRequest { Filter = new EventFilter { Text = "never" } });
        await watch.UntilAsync(Message.CaughtUp);
        await AppendAsync("a", Logged("e"), Logged("e"));

        var seen = 0L;
        while (seen < 3)
        {
            var (beat, _) = await _node.PassUntilAsync(watch.NextAsync(), TimeSpan.FromSeconds(1));
            Assert.Equal(Message.Heartbeat, beat!.MessageCase);
            seen = JobsSession.Positions(beat.Cursor).Values.Single();
        }
    }

    [Fact]
    public async Task The_end_of_an_execution_is_told_with_its_job()
    {
        using var watch = new JobsSession(_node, new WatchJobsRequest { JobIds = { "a" }, Filter = new EventFilter { Text = "never" } });
        await watch.NextAsync(Message.CaughtUp);
        await AppendAsync("a", Started("e"), Succeeded("e"));

        var ended = await watch.NextAsync(Message.ExecutionEnded);
        Assert.Equal(("a", "e", 2L), (ended.JobId, ended.ExecutionEnded.ExecutionId, ended.ExecutionEnded.Position));
    }

    [Fact]
    public async Task A_node_that_leaves_says_where_to_go_on()
    {
        await AppendAsync("a", Started("e"));
        using var watch = new JobsSession(_node, new WatchJobsRequest());
        await watch.UntilAsync(Message.CaughtUp);
        var stopping = _node.StopAsync();

        var draining = await watch.NextAsync(Message.Draining);
        Assert.Equal([1L], JobsSession.Positions(draining.Cursor).Values);
        await watch.FailsAsync(StatusCode.Unavailable, "DRAINING");
        await stopping;
    }

    [Fact]
    public async Task A_reader_that_stands_still_holds_few_pages_however_many_jobs_have_history()
    {
        var lines = Enumerable.Range(0, 500).Select(_ => Logged("e", new string('x', 2000))).ToArray();
        for (var i = 0; i < 30; i++)
        {
            await AppendAsync($"job-{i}", [Started("e"), .. lines]);
        }

        using var pages = new StorePages(_node);
        using var watch = new JobsSession(_node, new WatchJobsRequest { Start = new WatchStart { Beginning = true } });
        await watch.NextAsync();
        await pages.StandStillAsync();

        // Four in hand; the transport takes some hundred kilobytes, which are a few more.
        Assert.InRange(pages.Taken, 1, 12);
        Assert.Equal(30 * 501, (await watch.EventsAsync((30 * 501) - 1)).Count + 1);
    }

    private async Task AppendAsync(string jobId, params ExecutionEvent[] events) => await _node.AppendAsync(new JobKey("local", jobId), events);
}
