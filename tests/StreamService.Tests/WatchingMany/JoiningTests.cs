using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Tests.Journal;
using Jobwatch.StreamService.Tests.Watching;
using Jobwatch.V1;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;
using Message = Jobwatch.V1.WatchJobsResponse.MessageOneofCase;

namespace Jobwatch.StreamService.Tests.WatchingMany;

public sealed class JoiningTests : IAsyncLifetime
{
    private static readonly WatchStart Latest = new() { Latest = true };
    private NodeUnderTest _node = null!;

    public async ValueTask InitializeAsync() => _node = await NodeUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Theory]
    [InlineData("list")]
    [InlineData("labels")]
    [InlineData("tenant")]
    public async Task A_job_that_appears_later_joins_with_its_first_event_while_the_clock_stands_still(string by)
    {
        await AppendAsync("a", Started("e", ("ledger", "eu")));
        using var watch = new JobsSession(_node, Request(by));
        await watch.UntilAsync(Message.CaughtUp);
        await AppendAsync("b", Started("e", ("ledger", "eu")), Logged("e"));

        Assert.Equal(["b 1", "b 2"], await watch.EventsAsync(2));
        await AppendAsync("a", Logged("e"));
        Assert.Equal(["a 2"], await watch.EventsAsync(1));
    }

    [Theory]
    [InlineData("list")]
    [InlineData("labels")]
    [InlineData("tenant")]
    public async Task A_job_that_appears_on_another_node_is_found_by_the_sweep(string by)
    {
        await using var other = await JournalUnderTest.StartAsync(_node.ConnectionString);
        using var watch = new JobsSession(_node, Request(by));
        await watch.NextAsync(Message.CaughtUp);
        await other.AppendAsync(new JobKey("local", "b"), null, Started("e", ("ledger", "eu")), Logged("e"));

        var (events, passed) = await _node.PassUntilAsync(watch.EventsAsync(2), TimeSpan.FromMilliseconds(100));
        Assert.Equal(["b 1", "b 2"], events);
        Assert.InRange(passed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_job_that_comes_to_carry_the_labels_joins_with_the_first_event_of_that_execution_and_stays()
    {
        await AppendAsync("a", Started("old", ("ledger", "us")), Succeeded("old"));
        using var watch = new JobsSession(_node, Request("labels"));
        await watch.NextAsync(Message.CaughtUp);
        await AppendAsync("a", Queued("new"));
        await AppendAsync("a", Logged("new"));
        await AppendAsync("a", Started("new", ("ledger", "eu"), ("run", "7")));

        Assert.Equal(["a 3", "a 4", "a 5"], await watch.EventsAsync(3));
        await AppendAsync("a", Succeeded("new"), Started("next", ("ledger", "us")));
        Assert.Equal(["a 6", "a 7"], await watch.EventsAsync(2));
    }

    [Fact]
    public async Task A_job_begins_with_the_execution_that_was_given_the_labels_first_whenever_it_is_looked_for()
    {
        await AppendAsync("a", Queued("old"), Logged("old"));
        using var early = new JobsSession(_node, Request("labels"));
        await early.NextAsync(Message.CaughtUp);
        await AppendAsync("a", Started("young", ("ledger", "eu")));
        Assert.Equal(["a 3"], await early.EventsAsync(1));
        await AppendAsync("a", Started("old", ("ledger", "eu")));
        Assert.Equal(["a 4"], await early.EventsAsync(1));

        // One fill finds both.
        var request = Request("labels");
        request.Start = new WatchStart { Beginning = true };
        using (var late = new JobsSession(_node, request))
        {
            Assert.Equal(["a 3", "a 4"], await late.EventsAsync(2));
        }

        // As one look does.
        await AppendAsync("b", Queued("old"), Started("young", ("ledger", "eu")), Started("old", ("ledger", "eu")));
        Assert.Equal(["b 2", "b 3"], await early.EventsAsync(2));
    }

    [Theory]
    [InlineData("list")]
    [InlineData("labels")]
    [InlineData("tenant")]
    public async Task A_job_that_came_between_two_sessions_is_told_from_where_it_would_have_joined(string by)
    {
        await AppendAsync("a", Started("e", ("ledger", "eu")));
        string cursor;
        using (var first = new JobsSession(_node, Request(by)))
        {
            cursor = (await first.UntilAsync(Message.CaughtUp))[^1].Cursor;
        }

        await AppendAsync("b", Started("e", ("ledger", "eu")), Succeeded("e"), Started("f"), Succeeded("f"));
        var request = Request(by);
        request.Start.ResumeCursor = cursor;
        using var second = new JobsSession(_node, request);

        Assert.Equal(["b 1", "b 2", "b 3", "b 4"], await second.EventsAsync(4));
    }

    [Fact]
    public async Task A_job_is_told_from_the_first_execution_that_carries_the_labels_also_from_the_beginning()
    {
        await AppendAsync("a", Started("old"), Succeeded("old"), Queued("new"), Started("new", ("ledger", "eu")), Succeeded("new"));
        var request = Request("labels");
        request.Start = new WatchStart { Beginning = true };
        using var watch = new JobsSession(_node, request);

        Assert.Equal(["a 3", "a 4", "a 5"], await watch.EventsAsync(3));
    }

    [Theory]
    [InlineData("list")]
    [InlineData("labels")]
    [InlineData("tenant")]
    public async Task Another_tenants_jobs_join_nobody_elses_stream(string by)
    {
        using var watch = new JobsSession(_node, Request(by));
        var before = await watch.NextAsync(Message.CaughtUp);
        await _node.AppendAsync(new JobKey("other", "a"), Started("e", ("ledger", "eu")));
        await _node.AppendAsync(new JobKey("other", "b"), Started("e", ("ledger", "eu")));
        using var again = new JobsSession(_node, Request(by));

        Assert.Equal(before.Cursor, (await again.NextAsync(Message.CaughtUp)).Cursor);
        await AppendAsync("b", Started("mine", ("ledger", "eu")));
        Assert.Equal(["b 1"], await watch.EventsAsync(1));
        Assert.Equal(["b 1"], await again.EventsAsync(1));
    }

    [Fact]
    public async Task However_many_watch_a_tenant_a_sweep_is_one_query()
    {
        await AppendAsync("a", Started("e"));
        var watches = Enumerable.Range(0, 20).Select(_ => new JobsSession(_node, Request("tenant"))).ToList();
        foreach (var watch in watches)
        {
            await watch.UntilAsync(Message.CaughtUp);
        }

        using var queries = new QueryCount(_node);
        for (var sweep = 0; sweep < 10; sweep++)
        {
            // Its own look, and the sweep's of heads.
            await queries.MoreAsync(2, () => _node.Time.Advance(TimeSpan.FromSeconds(1)));
        }

        Assert.InRange(queries.Count, 20, 30);
        watches.ForEach(watch => watch.Dispose());
    }

    [Fact]
    public async Task A_selection_is_let_go_of_with_its_last_watcher()
    {
        var selections = (StreamService.Live.JobSelections)_node.Services.GetService(typeof(StreamService.Live.JobSelections))!;
        using (var watch = new JobsSession(_node, Request("labels")))
        {
            await watch.NextAsync(Message.CaughtUp);
            Assert.Equal(1, selections.Count);
        }

        await Jobwatch.Testing.Eventually.TrueAsync(() => selections.Count == 0, TimeSpan.FromSeconds(30), "nobody watches the tenant");
    }

    private static WatchJobsRequest Request(string by) => by switch
    {
        "list" => new WatchJobsRequest { Start = Latest.Clone(), JobIds = { "a", "b" } },
        "labels" => new WatchJobsRequest { Start = Latest.Clone(), Labels = { "ledger=eu" } },
        _ => new WatchJobsRequest { Start = Latest.Clone() },
    };

    private async Task AppendAsync(string jobId, params ExecutionEvent[] events) => await _node.AppendAsync(new JobKey("local", jobId), events);
}
