using Grpc.Core;
using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Tests.Errors;
using Jobwatch.StreamService.Tests.Hosting;
using Jobwatch.StreamService.Tests.Recording;
using Jobwatch.V1;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace Jobwatch.StreamService.Tests.Catalog;

public sealed class EventListTests(RunningNode node) : IClassFixture<RunningNode>
{
    private readonly string _job = Appends.NewJob();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Pages_put_together_are_the_log(int size)
    {
        await node.Append(Appends.To(_job, [Appends.Started(), .. Lines(6)]));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], await ListAsync(new() { JobId = _job, PageSize = size }));
    }

    [Fact]
    public async Task A_page_is_50_events_unless_asked_otherwise()
    {
        await node.Append(Appends.To(_job, [Appends.Started(), .. Lines(60)]));
        Assert.Equal(50, (await node.ListEvents(new() { JobId = _job })).Events.Count);
    }

    [Fact]
    public async Task The_last_page_has_no_token_even_when_it_is_full()
    {
        await node.Append(Appends.To(_job, [Appends.Started(), .. Lines(2)]));
        var page = await node.ListEvents(new() { JobId = _job, PageSize = 3 });

        Assert.Equal((3, ""), (page.Events.Count, page.NextPageToken));
    }

    [Fact]
    public async Task Any_cursor_of_the_job_begins_a_page_with_any_filter()
    {
        var first = await node.Append(Appends.To(_job, [Appends.Started(), .. Lines(2)]));
        await node.Append(Appends.To(_job, Appends.Line("four"), Appends.Started("other"), Appends.Line("six", "other")));

        Assert.Equal([4, 5, 6], await ListAsync(new() { JobId = _job, PageToken = first.Cursor }));
        Assert.Equal(
            [4, 6],
            await ListAsync(new() { JobId = _job, PageToken = first.Cursor, Filter = new() { EventTypes = { "log_written" } } }));
        Assert.Equal([5, 6], await ListAsync(new() { JobId = _job, Filter = new() { ExecutionIds = { "other" } } }));
        Assert.Equal([4], await ListAsync(new() { JobId = _job, PageSize = 1, Filter = new() { Text = "FOUR" } }));
    }

    [Fact]
    public async Task Labels_select_from_the_event_on_that_gave_them()
    {
        await node.Append(Appends.To(
            _job,
            new() { ExecutionId = "run", ExecutionQueued = new() }, Appends.Started("run", ("a", "1")), Appends.Line(),
            Appends.Started("none"), Appends.Line("x", "none")));

        foreach (var size in new[] { 1, 10 })
        {
            Assert.Equal([2, 3], await ListAsync(new() { JobId = _job, PageSize = size, Filter = new() { Labels = { "a=1" } } }));
            Assert.Equal(
                [3],
                await ListAsync(new() { JobId = _job, PageSize = size, Filter = new() { Labels = { "a=1" }, EventTypes = { "log_written" } } }));
        }
    }

    [Fact]
    public async Task A_filter_that_selects_little_ends_a_page_early_and_loses_nothing()
    {
        await node.Append(Appends.To(_job, Appends.Started()));
        for (var i = 0; i < 12; i++)
        {
            await node.Append(Appends.To(_job, [.. Lines(1000)]));
        }

        await node.Append(Appends.To(_job, Appends.Succeeded()));
        var request = new ListEventsRequest { JobId = _job, Filter = new() { EventTypes = { "execution_succeeded" } } };
        var first = await node.ListEvents(request);
        Assert.Empty(first.Events);
        Assert.True(Cursor.TryParse(first.NextPageToken, out var cursor));
        Assert.Equal(10_000, cursor.Position);
        Assert.Equal([12_002], await ListAsync(request));
    }

    [Fact]
    public async Task A_page_ends_before_its_message_is_too_large_for_a_client()
    {
        await node.Append(Appends.To(_job, Appends.Started()));
        for (var i = 0; i < 5; i++)
        {
            await node.Append(Appends.To(_job, [.. Enumerable.Range(0, 4).Select(_ => Appends.Line(new string('x', 250_000)))]));
        }

        Assert.InRange((await node.ListEvents(new() { JobId = _job, PageSize = 1000 })).Events.Count, 5, 15);
        Assert.Equal(21, (await ListAsync(new() { JobId = _job, PageSize = 1000 })).Count);
    }

    [Fact]
    public async Task A_token_that_is_no_cursor_of_this_job_is_told()
    {
        await node.Append(Appends.To(_job, Appends.Started()));
        var other = await node.Append(Appends.To(_job + "2", Appends.Started()));
        var log = (await node.Journal.FindJobAsync(new JobKey("local", _job), TestContext.Current.CancellationToken))!.Log;

        (await RefuseAsync("nonsense")).IsOf("CURSOR_UNKNOWN", "page_token", "'nonsense'", "start from the beginning");
        (await RefuseAsync(other.Cursor)).IsOf("CURSOR_OF_ANOTHER_JOB", "page_token", "another job", _job);
        (await RefuseAsync(Cursor.After(log, 2).ToString())).IsOf("CURSOR_BEYOND_HEAD", "page_token", "position 2", "position 1");
        (await RefuseAsync(Cursor.After(new JobLog(log.Job, log.Incarnation + 1), 1).ToString()))
            .IsOf("CURSOR_OF_DELETED_JOB", "page_token", "was deleted");
    }

    [Fact]
    public async Task Truncated_history_is_told_with_the_cursor_to_go_on_from()
    {
        var first = await node.Append(Appends.To(_job, Appends.Started()));
        await node.Append(Appends.To(_job, [.. Lines(4)]));
        var log = (await node.Journal.FindJobAsync(new JobKey("local", _job), TestContext.Current.CancellationToken))!.Log;
        await using var truncate = node.App.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(
            $"DELETE FROM jobwatch.mt_events WHERE stream_id = '{log.StreamKey}' AND version <= 3; UPDATE jobwatch.job SET floor = 3 WHERE job_id = '{_job}'");
        await truncate.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var refusal = await RefuseAsync(first.Cursor);
        Assert.Equal((StatusCode.OutOfRange, "HISTORY_TRUNCATED"), (refusal.Code, refusal.Reason));
        Assert.Equal([4, 5], await ListAsync(new() { JobId = _job, PageToken = refusal.Metadata["oldest_cursor"] }));
        Assert.Equal([4, 5], await ListAsync(new() { JobId = _job }));
    }

    [Fact]
    public async Task A_filter_word_that_it_does_not_know_is_told()
    {
        await node.Append(Appends.To(_job, Appends.Started()));
        var refusal = await Refusal.OfAsync(node.ListEvents(new() { JobId = _job, Filter = new() { EventTypes = { "log_writen" } } }));

        refusal.IsOf("INVALID_FILTER", "filter.event_types[0]", "'log_writen'", "log_written");
        Assert.Equal(StatusCode.InvalidArgument, refusal.Code);
    }

    private static IEnumerable<ExecutionEvent> Lines(int count) => Enumerable.Range(0, count).Select(i => Appends.Line($"line {i}"));

    private Task<Refusal> RefuseAsync(string token) => Refusal.OfAsync(node.ListEvents(new() { JobId = _job, PageToken = token }));

    private async Task<List<long>> ListAsync(ListEventsRequest request)
    {
        var positions = new List<long>();
        request = request.Clone();
        do
        {
            var page = await node.ListEvents(request);
            positions.AddRange(page.Events.Select(found => found.Position));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return positions;
    }
}
