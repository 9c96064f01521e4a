using Grpc.Core;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Live;
using Jobwatch.StreamService.Tests.Journal;
using Jobwatch.StreamService.Tests.Watching;
using Jobwatch.V1;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;
using Message = Jobwatch.V1.WatchJobsResponse.MessageOneofCase;

namespace Jobwatch.StreamService.Tests.WatchingMany;

/// <summary>One job of many is deleted or truncated: that is said, and the others go on.</summary>
public sealed class LostHistoryTests : IAsyncLifetime
{
    private NodeUnderTest _node = null!;

    public async ValueTask InitializeAsync() => _node = await NodeUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_job_that_is_deleted_leaves_a_gap_and_one_of_its_name_begins_anew(bool isNamed)
    {
        await AppendAsync("a", Started("e"), Logged("e"));
        await AppendAsync("b", Started("e"));
        var request = new WatchJobsRequest();
        request.JobIds.AddRange(isNamed ? ["a", "b"] : []);
        using var watch = new JobsSession(_node, request);
        await watch.UntilAsync(Message.CaughtUp);
        await _node.DeleteAsync("a");

        var (gap, _) = await _node.PassUntilAsync(watch.NextAsync(), TimeSpan.FromMilliseconds(100));
        Assert.Equal(("a", "deleted", 3L, 2L), (gap!.JobId, gap.Gap?.Reason, gap.Gap?.FirstPosition, gap.Gap?.LastPosition));
        Assert.Single(JobsSession.Positions(gap.Cursor));
        await AppendAsync("b", Logged("e"));
        Assert.Equal(["b 2"], await watch.EventsAsync(1));
        await AppendAsync("a", Started("e"));
        Assert.Equal(["a 1"], await watch.EventsAsync(1));
    }

    [Fact]
    public async Task A_job_that_another_node_deleted_ends_before_one_of_its_name_begins()
    {
        await using var other = await JournalUnderTest.StartAsync(_node.ConnectionString);
        await AppendAsync("a", Started("e"), Logged("e"));
        using var watch = new JobsSession(_node, new WatchJobsRequest());
        await watch.UntilAsync(Message.CaughtUp);

        await other.Get<JobDeletion>().DeleteAsync(new JobKey("local", "a"), TestContext.Current.CancellationToken);
        await AppendAsync("a", Started("again"));

        var gap = (await watch.UntilAsync(Message.Event)).SkipLast(1).Last();
        Assert.Equal(("a", "deleted", 3L), (gap.JobId, gap.Gap?.Reason, gap.Gap?.FirstPosition));
        await AppendAsync("a", Logged("again"));
        Assert.Equal(["a 2"], await watch.EventsAsync(1));
    }

    [Fact]
    public async Task Jobs_that_another_node_deleted_before_their_snapshots_end_without_them()
    {
        await using var other = await JournalUnderTest.StartAsync(_node.ConnectionString);
        (string, string)[] labels = [.. Enumerable.Range(0, 64).Select(i => ($"label-{i}", new string('x', 256)))];
        var jobs = Enumerable.Range(0, 40).Select(i => $"job-{i}").ToList();
        foreach (var job in jobs)
        {
            await AppendAsync(job, Started("e", labels));
        }

        using var watch = new JobsSession(_node, new WatchJobsRequest());
        var said = new List<WatchJobsResponse> { await watch.NextAsync(Message.Snapshot) };

        // Nobody reads on: the watch stands still at the first twenty snapshots, which are more than a connection takes.
        foreach (var job in jobs)
        {
            await other.Get<JobDeletion>().DeleteAsync(new JobKey("local", job), TestContext.Current.CancellationToken);
            await AppendAsync(job, Started("again"));
        }

        await _node.Services.GetRequiredService<JobSelections>().LookAsync();
        while (said.Count(message => message.Event is not null) < jobs.Count)
        {
            said.Add((await watch.NextAsync())!);
        }

        var byJob = said.Where(message => message.JobId.Length > 0).GroupBy(message => message.JobId, message => message.MessageCase).ToList();
        Assert.Equal(20, byJob.Count(messages => messages.SequenceEqual([Message.Snapshot, Message.Gap, Message.Event])));
        Assert.Equal(20, byJob.Count(messages => messages.SequenceEqual([Message.Gap, Message.Event])));
    }

    [Fact]
    public async Task A_cursor_of_which_one_job_was_deleted_and_made_again_resumes_the_others_and_begins_that_one()
    {
        await AppendAsync("a", Started("e"), Logged("e"));
        await AppendAsync("b", Started("e"));
        string cursor;
        using (var first = new JobsSession(_node, new WatchJobsRequest()))
        {
            cursor = (await first.UntilAsync(Message.CaughtUp))[^1].Cursor;
        }

        await _node.DeleteAsync("a");
        await AppendAsync("a", Started("again"));
        await AppendAsync("b", Logged("e"));
        using var second = new JobsSession(_node, new WatchJobsRequest { JobIds = { "a", "b" }, Start = new WatchStart { Cursor = cursor } });

        var gap = await second.NextAsync(Message.Gap);
        Assert.Equal(("", "deleted", 3L), (gap.JobId, gap.Gap.Reason, gap.Gap.FirstPosition));
        Assert.Equal(["a 1", "b 2"], (await second.EventsAsync(2)).Order());
    }

    [Fact]
    public async Task Each_job_that_was_deleted_is_told_also_if_the_session_is_cut_between()
    {
        foreach (var jobId in new[] { "a", "b", "c" })
        {
            await AppendAsync(jobId, Started("e"));
        }

        var request = new WatchJobsRequest { Start = new WatchStart() };
        using (var first = new JobsSession(_node, request))
        {
            request.Start.ResumeCursor = (await first.UntilAsync(Message.CaughtUp))[^1].Cursor;
        }

        await _node.DeleteAsync("a");
        await _node.DeleteAsync("b");
        for (var session = 0; session < 2; session++)
        {
            using var watch = new JobsSession(_node, request);
            request.Start.ResumeCursor = (await watch.NextAsync(Message.Gap)).Cursor;
        }

        using var last = new JobsSession(_node, request);
        await last.NextAsync(Message.CaughtUp);
    }

    [Fact]
    public async Task Truncated_history_fails_with_the_job_and_a_cursor_that_resumes_all_of_them()
    {
        var cursor = await CursorAtTheirStartAsync();
        await _node.TruncateAsync("a", 2);
        var request = new WatchJobsRequest { Start = new WatchStart { Cursor = cursor } };
        using var refused = new JobsSession(_node, request);
        var error = await refused.FailsAsync(StatusCode.OutOfRange, "HISTORY_TRUNCATED");

        var info = error.GetRpcStatus()!.GetDetail<Google.Rpc.ErrorInfo>()!;
        Assert.Equal("a", info.Metadata["job_id"]);
        request.Start.Cursor = info.Metadata["oldest_cursor"];
        using var resumed = new JobsSession(_node, request);
        Assert.Equal(["a 3", "b 2", "b 3"], (await resumed.EventsAsync(3)).Order());
    }

    [Fact]
    public async Task Truncated_history_is_a_gap_of_its_job_for_those_who_go_on()
    {
        var cursor = await CursorAtTheirStartAsync();
        await _node.TruncateAsync("a", 2);
        using var watch = new JobsSession(_node, new WatchJobsRequest { Start = new WatchStart { Cursor = cursor }, OnTruncated = "continue" });

        var gap = await watch.NextOfAsync("a");
        Assert.Equal((2L, 2L, "truncated"), (gap.Gap.FirstPosition, gap.Gap.LastPosition, gap.Gap.Reason));
        Assert.Equal(3, (await watch.NextOfAsync("a")).Event.Position);
    }

    [Fact]
    public async Task History_that_was_truncated_before_the_first_session_is_no_loss_to_it()
    {
        await CursorAtTheirStartAsync();
        await _node.TruncateAsync("a", 2);
        using var watch = new JobsSession(_node, new WatchJobsRequest { Start = new WatchStart { Beginning = true } });

        Assert.Equal(["a 3", "b 1", "b 2", "b 3"], (await watch.EventsAsync(4)).Order());
    }

    [Fact]
    public async Task The_beginning_is_where_history_begins_now_also_for_those_who_share_a_selection()
    {
        await CursorAtTheirStartAsync();
        using var before = new JobsSession(_node, new WatchJobsRequest());
        await before.UntilAsync(Message.CaughtUp);
        await _node.TruncateAsync("a", 2);
        using var watch = new JobsSession(_node, new WatchJobsRequest { Start = new WatchStart { Beginning = true } });

        Assert.Equal(["a 3", "b 1", "b 2", "b 3"], (await watch.EventsAsync(4)).Order());
    }

    // Both have three events by the end; the cursor stands after the first ones.
    private async Task<string> CursorAtTheirStartAsync()
    {
        await AppendAsync("a", Started("e"));
        await AppendAsync("b", Started("e"));
        using var watch = new JobsSession(_node, new WatchJobsRequest());
        var cursor = (await watch.UntilAsync(Message.CaughtUp))[^1].Cursor;
        await AppendAsync("a", Logged("e"), Logged("e"));
        await AppendAsync("b", Logged("e"), Logged("e"));
        return cursor;
    }

    private async Task AppendAsync(string jobId, params ExecutionEvent[] events) => await _node.AppendAsync(new JobKey("local", jobId), events);
}
