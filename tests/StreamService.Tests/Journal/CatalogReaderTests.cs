using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using Google.Protobuf.WellKnownTypes;
using Jobwatch.StreamService.Journal;
using Jobwatch.V1;
using Npgsql;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;

namespace Jobwatch.StreamService.Tests.Journal;

public sealed class CatalogReaderTests : IAsyncLifetime
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    private JournalUnderTest _journal = null!;

    public async ValueTask InitializeAsync() => _journal = await JournalUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _journal.DisposeAsync();

    [Fact]
    public async Task An_execution_is_the_fold_of_its_events()
    {
        var progress = Event("e");
        progress.ProgressReported = new ProgressReported { Done = 40, Total = 100, Unit = "rows" };
        var summary = Event("e");
        summary.SummaryUpdated = new SummaryUpdated { Summary = new Struct { Fields = { ["rows"] = Value.ForNumber(3) } } };
        var error = Event("e");
        error.ErrorRaised = new ErrorRaised { Code = "E1", Message = "odd" };
        var step = Event("e");
        step.StepStarted = new StepStarted { Step = "load" };
        await _journal.AppendAsync(Started("e", ("ledger", "eu")), step, progress);
        await _journal.AppendAsync(summary);
        await _journal.AppendAsync(error, Logged("e"), Logged("e"));

        var (execution, labelsPosition) = await FindAsync("e");
        Assert.Equal((ExecutionStatus.Running, 1, "w7", "load", 40L), (execution.Status, execution.Attempt, execution.Worker, execution.CurrentStep, execution.Progress.Done));
        Assert.Equal(("odd", 3d, 7L, 2L, 1L, 7L), (execution.LastError.Message, execution.Summary.Fields["rows"].NumberValue, execution.EventCount,
            execution.EventCounts["log_written"], execution.FirstPosition, execution.LastPosition));
        Assert.Equal("eu", execution.Labels["ledger"]);
        Assert.Equal(1, labelsPosition);
        Assert.Null(execution.EndTime);
    }

    [Fact]
    public async Task Queued_or_started_again_is_a_new_attempt_but_the_start_of_a_queued_one_is_not()
    {
        await _journal.AppendAsync(Queued("e"), Started("e"));
        Assert.Equal((1, ExecutionStatus.Running), await AttemptAsync());
        await _journal.AppendAsync(Started("e", ("late", "label")));
        Assert.Equal((2, ExecutionStatus.Running), await AttemptAsync());
        await _journal.AppendAsync(Queued("e"));
        Assert.Equal((3, ExecutionStatus.Queued), await AttemptAsync());
        await _journal.AppendAsync(Started("e", ("later", "label")));
        Assert.Equal((3, ExecutionStatus.Running), await AttemptAsync());

        var (execution, labelsPosition) = await FindAsync("e");
        Assert.Equal("late", Assert.Single(execution.Labels).Key);
        Assert.Equal(3, labelsPosition);

        async Task<(int, ExecutionStatus)> AttemptAsync() => ((await FindAsync("e")).Execution.Attempt, (await FindAsync("e")).Execution.Status);
    }

    [Fact]
    public async Task A_snapshot_has_the_open_executions_and_the_newest_and_says_what_it_leaves_out()
    {
        await _journal.AppendAsync(Started("a"), Started("b"), Succeeded("b"), Started("c"), Started("d"), Succeeded("d"));

        var whole = (await _journal.Catalog.SnapshotAsync(LedgerEu, new(10), Cancellation))!;
        var cut = (await _journal.Catalog.SnapshotAsync(LedgerEu, new(2), Cancellation))!;
        Assert.Equal(["d", "c", "a"], whole.Executions.Select(e => e.Execution.ExecutionId));
        Assert.Equal((6L, 0, 4L, 2L), (whole.Head.Head, whole.Omitted, whole.Job.ExecutionCount, whole.Job.OpenExecutionCount));
        Assert.Equal(["d", "c"], cut.Executions.Select(e => e.Execution.ExecutionId));
        Assert.Equal(1, cut.Omitted);
        Assert.Null(await _journal.Catalog.SnapshotAsync(new JobKey("rival", LedgerEu.JobId), new(10), Cancellation));
    }

    [Fact]
    public async Task A_snapshot_of_large_executions_fits_a_message_and_says_what_it_leaves_out()
    {
        for (var i = 0; i < 30; i++)
        {
            var summary = Event($"e{i}");
            summary.SummaryUpdated = new SummaryUpdated { Summary = new() { Fields = { ["text"] = Value.ForString(new string('x', 200_000)) } } };
            await _journal.AppendAsync(Started($"e{i}"), summary);
        }

        var snapshot = (await _journal.Catalog.SnapshotAsync(LedgerEu, new(100), Cancellation))!;
        Assert.InRange(snapshot.Executions.Sum(e => e.Execution.CalculateSize()), 1_800_000, 2_400_000);
        Assert.Equal(30, snapshot.Executions.Count + snapshot.Omitted);

        var chosen = (await _journal.Catalog.SnapshotAsync(
            LedgerEu, new(100) { Shown = 1, ExecutionIds = ["e3", "e4"] }, Cancellation))!;
        Assert.Equal("e4", Assert.Single(chosen.Executions).Execution.ExecutionId);
        Assert.Equal(1, chosen.Omitted);
    }

    [Fact]
    public async Task A_snapshot_shows_what_is_asked_for_of_those_that_are_looked_through_and_counts_the_rest()
    {
        await _journal.AppendAsync(
            Started("a", ("ledger", "eu")), Started("b", ("ledger", "eu"), ("kind", "full")), Queued("c"), Started("d", ("ledger", "us")),
            Started("e"), Summary("e"), Succeeded("e"));
        KeyValuePair<string, string> eu = new("ledger", "eu"), us = new("ledger", "us"), full = new("kind", "full");

        // Omitted are those that are asked for and not shown, and all that were not looked through.
        Assert.Equal("e d c b a, 0", await ShownAsync(new(10)));
        Assert.Equal("b a, 0", await ShownAsync(new(10) { Labels = [eu] }));
        Assert.Equal("b, 1", await ShownAsync(new(10) { Labels = [eu], Shown = 1 }));
        Assert.Equal("b, 1", await ShownAsync(new(4) { Labels = [eu] }));
        Assert.Equal("b, 0", await ShownAsync(new(10) { Labels = [eu, full] }));
        Assert.Equal(", 0", await ShownAsync(new(10) { Labels = [eu, us] }));
        Assert.Equal("e c, 0", await ShownAsync(new(10) { Statuses = [ExecutionStatus.Queued, ExecutionStatus.Succeeded] }));
        Assert.Equal("e a, 0", await ShownAsync(new(10) { ExecutionIds = ["a", "e", "never"] }));
        Assert.Equal("a, 0", await ShownAsync(new(10) { ExecutionIds = ["a", "c", "d"], Labels = [eu], Statuses = [ExecutionStatus.Running] }));

        async Task<string> ShownAsync(SnapshotQuery query)
        {
            var snapshot = (await _journal.Catalog.SnapshotAsync(LedgerEu, query, Cancellation))!;
            foreach (var (execution, labelsPosition) in snapshot.Executions)
            {
                Assert.Equal(await FindAsync(execution.ExecutionId), new ExecutionRecord(execution, labelsPosition));
            }

            Assert.Equal((await FindAsync("e")).Execution, snapshot.Job.LatestExecution);
            return $"{string.Join(' ', snapshot.Executions.Select(record => record.Execution.ExecutionId))}, {snapshot.Omitted}";
        }
    }

    [Fact]
    public async Task A_snapshot_reads_what_is_large_of_what_it_shows_only_and_of_the_newest_once()
    {
        for (var i = 0; i < 50; i++)
        {
            await _journal.AppendAsync(Started($"e{i}", ("n", $"{i % 2}")), Summary($"e{i}", 50_000));
        }

        var query = new SnapshotQuery(1000) { Shown = 3, Labels = [new("n", "1")] };
        // Everything is prepared, and what that says isn't counted.
        await _journal.Catalog.SnapshotAsync(LedgerEu, query, Cancellation);
        await _journal.Catalog.SnapshotAsync(LedgerEu, query, Cancellation);
        var read = 0L;
        using (var listener = CountBytes(bytes => Interlocked.Add(ref read, bytes)))
        {
            var snapshot = (await _journal.Catalog.SnapshotAsync(LedgerEu, query, Cancellation))!;
            Assert.Equal(["e49", "e47", "e45"], snapshot.Executions.Select(record => record.Execution.ExecutionId));
            Assert.Equal(22, snapshot.Omitted);
        }

        // Three of 67 KB each.
        Assert.InRange(read, 190_000, 220_000);
    }

    private MeterListener CountBytes(Action<long> read)
    {
        var database = new NpgsqlConnectionStringBuilder(_journal.ConnectionString).Database!;
        var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, measurements) =>
            {
                if (instrument.Name == "db.client.operation.npgsql.bytes_read")
                {
                    measurements.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, bytes, tags, _) =>
        {
            foreach (var tag in tags)
            {
                if (tag.Value is string pool && pool.Contains(database, StringComparison.Ordinal))
                {
                    read(bytes);
                }
            }
        });
        listener.Start();
        return listener;
    }

    [Fact]
    public async Task The_executions_open_at_a_position_are_known_afterwards()
    {
        await _journal.AppendAsync(Started("a"), Started("b"), Succeeded("a"), Started("c"), Succeeded("b"));
        var log = (await _journal.Reader.FindJobAsync(LedgerEu, Cancellation))!.Log;
        string[] expected = ["", "a", "a b", "b", "b c", "c"];

        for (var position = 0; position < expected.Length; position++)
        {
            Assert.Equal(expected[position], await OpenAsync(log, new OpenQuery(position, [], 0, 10)));
        }

        Assert.Equal(1, (await OpenAsync(log, new OpenQuery(2, [], 0, 1))).Length);
    }

    [Fact]
    public async Task Open_executions_are_found_by_the_labels_that_they_had_by_then()
    {
        await _journal.AppendAsync(Queued("a"), Started("b", ("ledger", "eu"), ("kind", "full")), Started("a", ("ledger", "eu")), Started("c"));
        var log = (await _journal.Reader.FindJobAsync(LedgerEu, Cancellation))!.Log;
        KeyValuePair<string, string> eu = new("ledger", "eu"), us = new("ledger", "us"), full = new("kind", "full");

        Assert.Equal("b", await OpenAsync(log, new OpenQuery(4, [eu], 2, 10)));
        Assert.Equal("a b", await OpenAsync(log, new OpenQuery(4, [eu], 3, 10)));
        Assert.Equal("b", await OpenAsync(log, new OpenQuery(4, [eu, full], 4, 10)));
        Assert.Equal("", await OpenAsync(log, new OpenQuery(4, [eu, us], 4, 10)));
        Assert.Equal("a b c", await OpenAsync(log, new OpenQuery(4, [], 0, 10)));
    }

    private async Task<string> OpenAsync(JobLog log, OpenQuery query) =>
        string.Join(' ', (await _journal.Catalog.OpenExecutionsAsync(log, query, Cancellation)).Order());

    [Fact]
    public async Task Executions_are_listed_newest_first_filtered_and_in_pages()
    {
        await _journal.AppendAsync(Started("a", ("ledger", "eu")), Started("b", ("ledger", "us")), Started("c", ("ledger", "eu"), ("kind", "full")), Succeeded("a"));
        var log = (await _journal.Reader.FindJobAsync(LedgerEu, Cancellation))!.Log;

        Assert.Equal("c b a", await ListAsync(new ExecutionQuery([], [], NewestFirst: true, After: null, Limit: 10)));
        Assert.Equal("c b", await ListAsync(new ExecutionQuery([], [], NewestFirst: true, After: null, Limit: 2)));
        Assert.Equal("a", await ListAsync(new ExecutionQuery([], [], NewestFirst: true, After: 2, Limit: 2)));
        Assert.Equal("a b c", await ListAsync(new ExecutionQuery([], [], NewestFirst: false, After: null, Limit: 10)));
        Assert.Equal("a", await ListAsync(new ExecutionQuery([ExecutionStatus.Succeeded], [], NewestFirst: true, After: null, Limit: 10)));
        Assert.Equal("c a", await ListAsync(new ExecutionQuery([], [new("ledger", "eu")], NewestFirst: true, After: null, Limit: 10)));
        Assert.Equal("c", await ListAsync(new ExecutionQuery([], [new("ledger", "eu"), new("kind", "full")], NewestFirst: true, After: null, Limit: 10)));

        async Task<string> ListAsync(ExecutionQuery query) =>
            string.Join(' ', (await _journal.Catalog.ListExecutionsAsync(log, query, Cancellation)).Select(e => e.Execution.ExecutionId));
    }

    [Fact]
    public async Task Jobs_are_listed_by_time_or_id_filtered_and_in_pages()
    {
        foreach (var id in (string[])["beta", "Alpha", "alpha"])
        {
            await _journal.AppendAsync(new JobKey("local", id), null, Started("e"));
        }

        await _journal.AppendAsync(new JobKey("local", "alpha"), null, Succeeded("e"));
        await _journal.AppendAsync(new JobKey("rival", "secret"), null, Started("e"));

        Assert.Equal("alpha Alpha beta", await ListAsync(Query(JobOrder.NewestFirst)));
        Assert.Equal("beta Alpha alpha", await ListAsync(Query(JobOrder.OldestFirst)));
        Assert.Equal("Alpha alpha beta", await ListAsync(Query(JobOrder.ById)));
        Assert.Equal("alpha", await ListAsync(Query(JobOrder.ById) with { IdPrefix = "al" }));
        Assert.Equal("alpha", await ListAsync(Query(JobOrder.ById) with { Statuses = [ExecutionStatus.Succeeded] }));
        var first = (await _journal.Catalog.ListJobsAsync("local", Query(JobOrder.NewestFirst) with { Limit = 1 }, Cancellation))[0].Job;
        var created = first.CreateTime.ToDateTime();
        Assert.Equal("Alpha beta", await ListAsync(Query(JobOrder.NewestFirst) with
        {
            After = new JobMark((created - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond, first.JobId),
        }));
        Assert.Equal("beta", await ListAsync(Query(JobOrder.ById) with { After = new JobMark(0, "alpha") }));

        static JobQuery Query(JobOrder order) => new("", [], order, After: null, Limit: 10);
        async Task<string> ListAsync(JobQuery query) =>
            string.Join(' ', (await _journal.Catalog.ListJobsAsync("local", query, Cancellation)).Select(job => job.Job.JobId));
    }

    private static ExecutionEvent Summary(string executionId, int bytes = 10)
    {
        // Nothing that compresses.
        var text = Convert.ToBase64String(RandomNumberGenerator.GetBytes(bytes));
        var summary = Event(executionId);
        summary.SummaryUpdated = new SummaryUpdated { Summary = new() { Fields = { ["text"] = Value.ForString(text) } } };
        return summary;
    }

    private async Task<ExecutionRecord> FindAsync(string executionId)
    {
        var log = (await _journal.Reader.FindJobAsync(LedgerEu, Cancellation))!.Log;
        return (await _journal.Catalog.FindExecutionAsync(log, executionId, Cancellation))!;
    }
}
