using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Tests.Watching;
using Jobwatch.V1;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;
using Message = Jobwatch.V1.WatchJobsResponse.MessageOneofCase;

namespace Jobwatch.StreamService.Tests.WatchingMany;

/// <summary>The clock stands still unless it is moved: what waits for its turn waits.</summary>
public sealed class ThinnedOutManyTests : IAsyncLifetime
{
    private static readonly string[] Jobs = ["a", "b"];

    private NodeUnderTest _node = null!;

    public async ValueTask InitializeAsync() => _node = await NodeUnderTest.StartAsync(settings: [("Watching:HeartbeatInterval", "00:10:00")]);

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Each_job_is_thinned_out_by_itself()
    {
        await RecordAsync(progress: 50);
        using var watch = new JobsSession(_node, Thinned(2, Jobs));
        var messages = await watch.UntilAsync(Message.CaughtUp);

        Assert.All(Jobs, jobId => Assert.Equal(["1", "2", "-48", "51", "52"], Told(messages, jobId)));
    }

    [Fact]
    public async Task Whichever_cursor_one_goes_on_from_each_event_is_sent_or_counted_once()
    {
        const int Progress = 20;
        await RecordAsync(Progress);
        using var watch = new JobsSession(_node, Thinned(3, Jobs));
        var messages = await watch.UntilAsync(Message.CaughtUp);

        for (var cut = 0; cut < messages.Count; cut++)
        {
            var request = Thinned(3, Jobs);
            request.Start.ResumeCursor = messages[cut].Cursor;
            using var next = new JobsSession(_node, request);
            var both = messages.Take(cut + 1).Concat(await next.UntilAsync(Message.CaughtUp)).ToList();
            Assert.All(Jobs, jobId => Assert.Equal(Progress + 2, both.Where(message => message.JobId == jobId).Sum(Counted)));
            Assert.All(Jobs, jobId => Assert.Equal(Progress + 2, both.Last(message => message.Event?.JobId == jobId).Event.Position));
        }
    }

    [Fact]
    public async Task What_waits_comes_in_its_turn_while_another_job_goes_on()
    {
        await _node.AppendAsync(new JobKey("local", "a"), Started("e"));
        await _node.AppendAsync(new JobKey("local", "b"), Started("e"));
        using var watch = new JobsSession(_node, Thinned(1, Jobs));
        await watch.UntilAsync(Message.CaughtUp);
        await _node.AppendAsync(new JobKey("local", "a"), Reported(), Reported(), Reported());
        await _node.AppendAsync(new JobKey("local", "b"), Succeeded("e"));

        // What the other job says has a cursor that stands before what waits.
        var other = await watch.NextOfAsync("b");
        Assert.Contains(1L, JobsSession.Positions(other.Cursor).Values);
        _node.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, (await watch.NextOfAsync("a")).Conflated.Count);
        Assert.Equal(4, (await watch.NextOfAsync("a")).Event.Position);
    }

    [Fact]
    public async Task A_job_whose_turn_came_stands_behind_all_that_was_scanned_of_it()
    {
        var (a, b) = (new JobKey("local", "a"), new JobKey("local", "b"));
        await _node.AppendAsync(a, Started("e"));
        await _node.AppendAsync(b, Started("e"));
        var request = Thinned(1, Jobs);
        request.Filter = new EventFilter { EventTypes = { "progress_reported", "execution_succeeded" } };
        using var watch = new JobsSession(_node, request);
        await watch.UntilAsync(Message.CaughtUp);
        await _node.AppendAsync(a, [Reported(), Reported(), .. Enumerable.Range(0, 10).Select(_ => Logged("e"))]);
        Assert.Equal(2, (await watch.NextOfAsync("a")).Event.Position);
        // Told behind what the other one has scanned of both.
        await _node.AppendAsync(b, Succeeded("e"));
        await watch.NextOfAsync("b");

        _node.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(3, (await watch.NextOfAsync("a")).Event.Position);
        await _node.AppendAsync(b, Started("f"), Succeeded("f"));
        Assert.Contains(13L, JobsSession.Positions((await watch.NextOfAsync("b")).Cursor).Values);
    }

    private static ExecutionEvent Reported()
    {
        var progress = Event("e");
        progress.ProgressReported = new ProgressReported { Done = 1 };
        return progress;
    }

    private static WatchJobsRequest Thinned(int rate, IEnumerable<string> jobs) =>
        new() { JobIds = { jobs }, Start = new WatchStart { Beginning = true }, MaxUpdatesPerSecond = rate };

    private static long Counted(WatchJobsResponse message) => message.MessageCase switch
    {
        Message.Event => 1,
        Message.Conflated => message.Conflated.Count,
        _ => 0,
    };

    private static IEnumerable<string> Told(IEnumerable<WatchJobsResponse> messages, string jobId) =>
        from message in messages
        where message.JobId == jobId && Counted(message) > 0
        select message.Event is { } one ? $"{one.Position}" : $"-{message.Conflated.Count}";

    private async Task RecordAsync(int progress)
    {
        foreach (var jobId in Jobs)
        {
            await _node.AppendAsync(
                new JobKey("local", jobId), [Started("e"), .. Enumerable.Range(0, progress).Select(_ => Reported()), Succeeded("e")]);
        }
    }
}
