using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Retention;
using Jobwatch.StreamService.Tests.Journal;
using Jobwatch.V1;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;

namespace Jobwatch.StreamService.Tests.Retention;

public sealed class RetentionPassTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Fact]
    public async Task Without_a_rule_everything_is_kept()
    {
        await using var retention = await RetentionUnderTest.StartAsync();
        await retention.Journal.AppendAsync(Started("e"), Logged("e"));
        retention.Time.Advance(1000 * Day);
        await retention.PassAsync();

        Assert.Equal([1, 2], await retention.StoredAsync());
    }

    [Fact]
    public async Task A_pass_that_loses_its_connection_has_others_doubt_what_they_remember_of_the_store()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var retention = await RetentionUnderTest.StartAsync();
        await using var session = await retention.Journal.Get<HistoryTrimmer>().TryBeginAsync(cancellation);
        await using var end = retention.Journal.Source.CreateCommand("""
            SELECT pg_terminate_backend(pid) FROM pg_locks
            WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """);
        Assert.Equal(true, await end.ExecuteScalarAsync(cancellation));
        var database = retention.Journal.Get<JournalDatabase>();
        var before = database.Failures;

        await Assert.ThrowsAsync<StoreUnavailableException>(() => session!.ReadJobsAsync(new JobKey("", ""), 1, cancellation));

        Assert.Equal(before + 1, database.Failures);
    }

    [Fact]
    public async Task Of_more_events_than_a_rule_keeps_the_oldest_go()
    {
        await using var retention = await RetentionUnderTest.StartAsync(new RetentionRule { MaxEvents = 3 });
        await retention.Journal.AppendAsync(Started("e"), Logged("e"), Logged("e"));
        retention.Time.Advance(Day);
        await retention.PassAsync();
        Assert.Equal(0, (await retention.HeadAsync()).Floor);
        Assert.Equal([1, 2, 3], await retention.StoredAsync());

        await retention.Journal.AppendAsync(Logged("e"), Logged("e"));
        retention.Time.Advance(Day);
        await retention.PassAsync();
        Assert.Equal((2, 5), ((await retention.HeadAsync()).Floor, (await retention.HeadAsync()).Head));
        Assert.Equal([3, 4, 5], await retention.StoredAsync());
        Assert.Equal([6], (await retention.Journal.AppendAsync(Logged("e"))).Positions());
    }

    [Fact]
    public async Task Events_go_when_they_are_older_than_a_rule_keeps_them()
    {
        await using var retention = await RetentionUnderTest.StartAsync(new RetentionRule { MaxAge = 7 * Day });
        for (var day = 0; day < 20; day++)
        {
            await retention.Journal.AppendAsync(Started($"e{day}"), Succeeded($"e{day}"));
            await retention.PassAsync();
            var kept = await retention.StoredAsync();
            // A pass takes some of the clock's time too: events of exactly seven days ago are older than that.
            Assert.Equal(Math.Max(0, day - 7) * 2, (await retention.HeadAsync()).Floor);
            Assert.Equal((Math.Max(0, day - 7) * 2) + 1, kept[0]);
            retention.Time.Advance(Day - TimeSpan.FromSeconds(1));
        }

        retention.Time.Advance(8 * Day);
        await retention.PassAsync();
        Assert.Equal((40, 40), ((await retention.HeadAsync()).Floor, (await retention.HeadAsync()).Head));
        Assert.Equal([41], (await retention.Journal.AppendAsync(Started("e"))).Positions());
    }

    [Fact]
    public async Task Events_that_a_producer_may_send_again_are_kept_whatever_a_rule_says()
    {
        await using var retention = (await RetentionUnderTest.StartAsync(
            new RetentionRule { MaxEvents = 1, MaxAge = TimeSpan.FromSeconds(1) })).Keeping(TimeSpan.FromMinutes(10));
        var line = Logged("e");
        await retention.Journal.AppendAsync(Started("e"), line);
        retention.Time.Advance(TimeSpan.FromMinutes(9));
        await retention.Journal.AppendAsync(Logged("e"));
        await retention.PassAsync();
        Assert.Equal([2], (await retention.Journal.AppendAsync(line)).Positions());

        retention.Time.Advance(TimeSpan.FromMinutes(2));
        await retention.PassAsync();
        Assert.Equal([3], await retention.StoredAsync());
    }

    [Fact]
    public async Task The_first_rule_that_matches_a_job_holds()
    {
        await using var retention = await RetentionUnderTest.StartAsync(
            new RetentionRule { Tenant = "acme", Job = "audit-*" },
            new RetentionRule { Tenant = "acme", MaxEvents = 1 },
            new RetentionRule { Job = "ledger-*", MaxEvents = 2 });
        (string Tenant, string Job, long First)[] kept =
            [("acme", "audit-eu", 1), ("acme", "ledger-eu", 3), ("local", "audit-eu", 1), ("local", "ledger-eu", 2), ("local", "ledger", 1)];
        foreach (var (tenant, job, _) in kept)
        {
            await retention.Journal.AppendAsync(new JobKey(tenant, job), null, Started("e"), Logged("e"), Logged("e"));
        }

        retention.Time.Advance(Day);
        await retention.PassAsync();
        foreach (var (tenant, job, first) in kept)
        {
            Assert.Equal((tenant, job, first), (tenant, job, (await retention.StoredAsync(new JobKey(tenant, job)))[0]));
        }
    }

    [Fact]
    public async Task What_a_pass_that_broke_off_left_below_the_floor_goes_with_the_next_one()
    {
        await using var retention = await RetentionUnderTest.StartAsync(new RetentionRule { MaxAge = 7 * Day });
        await retention.Journal.AppendAsync(Started("e"), Logged("e"), Logged("e"), Logged("e"));
        var log = (await retention.HeadAsync()).Log;
        await using (var session = await retention.BeginAsync())
        {
            Assert.True(await session.RaiseFloorAsync(log, 3, TestContext.Current.CancellationToken));
            Assert.False(await session.RaiseFloorAsync(log, 2, TestContext.Current.CancellationToken));
        }

        Assert.Equal(3, (await retention.HeadAsync()).Floor);
        Assert.Equal([1, 2, 3, 4], await retention.StoredAsync());
        await retention.PassAsync();
        Assert.Equal(3, (await retention.HeadAsync()).Floor);
        Assert.Equal([4], await retention.StoredAsync());
    }

    [Fact]
    public async Task A_long_history_goes_in_pieces_from_its_beginning()
    {
        await using var retention = await RetentionUnderTest.StartAsync(new RetentionRule { MaxEvents = 10 });
        await retention.Journal.AppendAsync(Started("e"));
        for (var i = 0; i < 11; i++)
        {
            await retention.Journal.AppendAsync([.. Enumerable.Range(0, 1000).Select(_ => Logged("e"))]);
        }

        var log = (await retention.HeadAsync()).Log;
        await using (var session = await retention.BeginAsync())
        {
            await session.RaiseFloorAsync(log, 10_991, TestContext.Current.CancellationToken);
            Assert.Equal((5000, 5000), await session.DeleteEventsAsync(log, 1, 10_991, TestContext.Current.CancellationToken));
            Assert.Equal(5001, (await retention.StoredAsync())[0]);
        }

        retention.Time.Advance(Day);
        await retention.PassAsync();
        Assert.Equal(Enumerable.Range(10_992, 10).Select(position => (long)position), await retention.StoredAsync());
    }

    [Fact]
    public async Task Only_one_process_makes_a_pass_at_a_time()
    {
        await using var retention = await RetentionUnderTest.StartAsync(new RetentionRule { MaxEvents = 1 });
        await using var other = await JournalUnderTest.StartAsync(retention.Journal.ConnectionString);
        await retention.Journal.AppendAsync(Started("e"), Logged("e"));
        retention.Time.Advance(Day);
        await using (await other.Get<HistoryTrimmer>().TryBeginAsync(TestContext.Current.CancellationToken))
        {
            await retention.PassAsync();
            Assert.Equal([1, 2], await retention.StoredAsync());
        }

        await retention.PassAsync();
        Assert.Equal([2], await retention.StoredAsync());
    }

    [Fact]
    public async Task Executions_leave_the_catalog_when_nothing_is_left_of_them_and_their_own_age_has_passed()
    {
        await using var retention = await RetentionUnderTest.StartAsync(new RetentionRule { MaxAge = Day, ExecutionMaxAge = 10 * Day });
        await retention.Journal.AppendAsync(Started("open"), Started("old"), Succeeded("old"));
        retention.Time.Advance(5 * Day);
        await retention.Journal.AppendAsync(Started("new"), Succeeded("new"));
        retention.Time.Advance(4 * Day);
        await retention.PassAsync();
        Assert.Equal(5, (await retention.HeadAsync()).Floor);
        Assert.Equal(["new", "old", "open"], await ExecutionsAsync(retention));

        retention.Time.Advance(2 * Day);
        await retention.PassAsync();
        Assert.Equal(["new", "open"], await ExecutionsAsync(retention));

        // The newest stays, however old.
        retention.Time.Advance(100 * Day);
        await retention.PassAsync();
        Assert.Equal(["new", "open"], await ExecutionsAsync(retention));
        var job = await retention.Journal.Catalog.FindJobAsync(LedgerEu, TestContext.Current.CancellationToken);
        Assert.Equal((2, 1, 6), (job!.Job.ExecutionCount, job.Job.OpenExecutionCount, job.Job.FirstPosition));

        // Its id is free, and the open one goes on.
        Assert.Equal([6, 7], (await retention.Journal.AppendAsync(Started("old"), Succeeded("open"))).Positions());
    }

    [Fact]
    public async Task A_deleted_job_is_cleared_away_with_all_that_it_had_and_nothing_else()
    {
        await using var retention = await RetentionUnderTest.StartAsync();
        ExecutionEvent[] events = [Started("e"), Logged("e"), Succeeded("e")];
        var other = new JobKey("local", "other");
        await retention.Journal.AppendAsync(events);
        await retention.Journal.AppendAsync(other, null, events);
        await retention.Journal.Get<JobDeletion>().DeleteAsync(LedgerEu, TestContext.Current.CancellationToken);
        // One of the old events gives way to the new life's before the rest is cleared away.
        await retention.Journal.AppendAsync(events[0]);
        Assert.Equal(2 + 1 + 3, await retention.CountAsync("SELECT count(*) FROM jobwatch.mt_events"));
        await retention.PassAsync();

        Assert.Equal([1], await retention.StoredAsync());
        Assert.Equal([1, 2, 3], await retention.StoredAsync(other));
        foreach (var (table, rows) in new[] { ("mt_events", 4), ("mt_streams", 2), ("job", 2), ("execution", 2), ("deleted_log", 0) })
        {
            Assert.Equal((table, rows), (table, await retention.CountAsync($"SELECT count(*) FROM jobwatch.{table}")));
        }
    }

    private static async Task<IEnumerable<string>> ExecutionsAsync(RetentionUnderTest retention) =>
        (await retention.Journal.Catalog.ListExecutionsAsync(
            (await retention.HeadAsync()).Log, new ExecutionQuery([], [], NewestFirst: true, null, 100), TestContext.Current.CancellationToken))
        .Select(record => record.Execution.ExecutionId);
}
