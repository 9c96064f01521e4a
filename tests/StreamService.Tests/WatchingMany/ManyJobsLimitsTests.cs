using Grpc.Core;
using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Tests.Watching;
using Jobwatch.V1;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;
using Message = Jobwatch.V1.WatchJobsResponse.MessageOneofCase;

namespace Jobwatch.StreamService.Tests.WatchingMany;

public sealed class ManyJobsLimitsTests : IAsyncLifetime
{
    private NodeUnderTest _node = null!;

    public async ValueTask InitializeAsync() => _node = await NodeUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task What_is_asked_for_wrongly_is_refused_with_its_field()
    {
        await RefusesAsync("start.from_position", new WatchJobsRequest { Start = new WatchStart { FromPosition = 1 } });
        await RefusesAsync("start.from_execution", new WatchJobsRequest { Start = new WatchStart { FromExecution = "e" } });
        await RefusesAsync("start.beginning", new WatchJobsRequest { Start = new WatchStart { Beginning = false } });
        await RefusesAsync("on_truncated", new WatchJobsRequest { OnTruncated = "perhaps" });
        await RefusesAsync("labels", new WatchJobsRequest { JobIds = { "a" }, Labels = { "k=v" } });
        await RefusesAsync("labels[1]", new WatchJobsRequest { Labels = { "k=v", "k=w" } });
        await RefusesAsync("labels[0]", new WatchJobsRequest { Labels = { "k" } }, "INVALID_FILTER");
        await RefusesAsync("job_ids[1]", new WatchJobsRequest { JobIds = { "a", "b/c" } }, "INVALID_ID");
        await RefusesAsync("job_ids", new WatchJobsRequest { JobIds = { Enumerable.Range(0, 1001).Select(i => $"j{i}") } });
        await RefusesAsync("max_updates_per_second", new WatchJobsRequest { MaxUpdatesPerSecond = 1001 });
    }

    [Fact]
    public async Task A_bad_cursor_is_told_from_a_cursor_of_others_and_from_one_that_is_too_far()
    {
        await AppendAsync("a", Started("e"));
        await _node.AppendAsync(new JobKey("other", "a"), Started("e"));
        using var watch = new JobsSession(_node, new WatchJobsRequest());
        var own = (await watch.UntilAsync(Message.CaughtUp))[^1].Cursor;
        using var others = new JobsSession(_node, new WatchJobsRequest(), NodeUnderTest.OthersToken);
        var theirs = (await others.UntilAsync(Message.CaughtUp))[^1].Cursor;
        var beyond = new JobsCursor("local");
        beyond.Add(JobsSession.Positions(own).Keys.Single(), 2);
        var head = await _node.Reader.FindJobAsync(new JobKey("local", "a"), TestContext.Current.CancellationToken);

        await RefusesAsync("start.cursor", CursorRequest(own[..^3]), "CURSOR_UNKNOWN");
        await RefusesAsync("start.cursor", CursorRequest(new string('A', JobsCursor.MaxTokenLength + 1)), "CURSOR_UNKNOWN");
        await RefusesAsync("start.cursor", CursorRequest(Cursor.After(head!.Log, 1).ToString()), "CURSOR_UNKNOWN");
        await RefusesAsync("start.cursor", CursorRequest(theirs), "CURSOR_OF_ANOTHER_JOB");
        await RefusesAsync("start.cursor", CursorRequest(beyond.ToString()), "CURSOR_BEYOND_HEAD");
    }

    [Fact]
    public async Task Another_tenants_log_in_a_cursor_is_as_one_that_never_was()
    {
        await _node.AppendAsync(new JobKey("other", "theirs"), Started("e"));
        var head = await _node.Reader.FindJobAsync(new JobKey("other", "theirs"), TestContext.Current.CancellationToken);
        var texts = new List<string>();
        foreach (var incarnation in new[] { head!.Log.Incarnation, 4711L })
        {
            var forged = new JobsCursor("local");
            forged.Add(incarnation, 0);
            using var watch = new JobsSession(_node, CursorRequest(forged.ToString()));
            var gap = await watch.NextAsync(Message.Gap);
            texts.Add(gap.ToString());
            await watch.NextAsync(Message.CaughtUp);
        }

        Assert.Equal(texts[0], texts[1]);
    }

    [Fact]
    public async Task A_tenant_with_more_jobs_than_a_stream_can_have_is_refused_with_the_remedy()
    {
        await _node.MakeAsync("local", 1001);
        using var all = new JobsSession(_node, new WatchJobsRequest());
        var error = await all.FailsAsync(StatusCode.ResourceExhausted, "TOO_MANY_JOBS");
        Assert.Contains("several streams", error.Status.Detail, StringComparison.Ordinal);

        using var labelled = new JobsSession(_node, new WatchJobsRequest { Labels = { "k=v" } });
        await labelled.NextAsync(Message.CaughtUp);
    }

    [Fact]
    public async Task A_stream_whose_tenant_outgrows_it_ends_with_the_remedy()
    {
        await _node.MakeAsync("local", 1000);
        using var all = new JobsSession(_node, new WatchJobsRequest { Start = new WatchStart { Beginning = true } });
        // A cursor this long is in no header: it comes as the first message.
        Assert.Null(await all.StartedFromAsync());
        await all.NextAsync(Message.Heartbeat);
        await all.NextAsync(Message.CaughtUp);
        await AppendAsync("one-more", Started("e"));

        await all.FailsAsync(StatusCode.ResourceExhausted, "TOO_MANY_JOBS");
    }

    private static WatchJobsRequest CursorRequest(string cursor) => new() { Start = new WatchStart { Cursor = cursor } };

    private async Task RefusesAsync(string field, WatchJobsRequest request, string reason = "INVALID_FIELD")
    {
        using var watch = new JobsSession(_node, request);
        var error = await watch.FailsAsync(StatusCode.InvalidArgument, reason);
        Assert.Equal(field, error.GetRpcStatus()!.GetDetail<Google.Rpc.BadRequest>()!.FieldViolations.Single().Field);
    }

    private async Task AppendAsync(string jobId, params ExecutionEvent[] events) => await _node.AppendAsync(new JobKey("local", jobId), events);
}
