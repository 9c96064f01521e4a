using Jobwatch.Shared;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Tests.Journal;
using Jobwatch.StreamService.Tests.WatchingMany;
using Jobwatch.StreamService.Watching;
using Jobwatch.Testing;
using Jobwatch.V1;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;
using JobsMessage = Jobwatch.V1.WatchJobsResponse.MessageOneofCase;
using Message = Jobwatch.V1.WatchJobResponse.MessageOneofCase;

namespace Jobwatch.StreamService.Tests.Watching;

/// <summary>What happens while the store is asked for jobs that are awaited.</summary>
public sealed class AwaitedJobTests : IAsyncLifetime
{
    private const string Hide = "UPDATE jobwatch.job SET job_id = 'hidden' WHERE job_id = 'ledger-eu'";
    private const string Show = "UPDATE jobwatch.job SET job_id = 'ledger-eu' WHERE job_id = 'hidden'";

    private static readonly JobKey Watched = new("local", "watched");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private NodeUnderTest _node = null!;

    public async ValueTask InitializeAsync() => _node = await NodeUnderTest.StartAsync(settings: [("Live:SweepInterval", "00:00:01")]);

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task A_watch_whose_connection_is_lost_as_it_finds_its_job_asks_again()
    {
        await HideJobAsync();
        using var watch = _node.Watch(new WatchJobRequest { JobId = "ledger-eu", AllowMissing = true });
        await watch.NextAsync(Message.CaughtUp);

        await FindAndLoseConnectionAsync();
        Assert.Equal([1], (await _node.PassUntilAsync(watch.PositionsAsync(1), TimeSpan.FromMilliseconds(10))).Result);
    }

    [Fact]
    public async Task A_watch_of_many_jobs_whose_connection_is_lost_as_it_finds_one_of_them_asks_again()
    {
        await HideJobAsync();
        using var watch = new JobsSession(_node, new WatchJobsRequest { JobIds = { "ledger-eu" } });
        await watch.UntilAsync(JobsMessage.CaughtUp);

        await FindAndLoseConnectionAsync();
        Assert.Equal(["ledger-eu 1"], (await _node.PassUntilAsync(watch.EventsAsync(1), TimeSpan.FromMilliseconds(10))).Result);
    }

    [Fact]
    public async Task A_watch_under_way_that_finds_its_job_does_not_queue_behind_those_that_begin()
    {
        using var watch = _node.Watch(new WatchJobRequest { JobId = "ledger-eu", AllowMissing = true });
        await watch.NextAsync(Message.CaughtUp);
        var turns = _node.Services.GetRequiredService<OpeningTurns>();
        var busy = new TaskCompletionSource<bool>();
        var beginning = Enumerable.Range(0, OpeningTurns.AtOnce)
            .Select(_ => turns.LookAsync("local", () => busy.Task, TestContext.Current.CancellationToken)).ToList();

        await _node.AppendAsync(LedgerEu, Started("e"));
        Assert.Equal([1], await watch.PositionsAsync(1));
        busy.SetResult(true);
        await Task.WhenAll(beginning);
    }

    [Fact]
    public async Task A_search_that_hangs_holds_no_look_at_the_watched_logs_up()
    {
        await _node.AppendAsync(LedgerEu, Started("e"));
        using var watch = _node.Watch(new WatchJobRequest { JobId = "ledger-eu" });
        await watch.UntilAsync(Message.CaughtUp);
        using var awaiting = _node.Watch(new WatchJobRequest { JobId = "nothing-yet", AllowMissing = true });
        await awaiting.NextAsync(Message.CaughtUp);
        await Eventually.TrueAsync(() => _node.Missing.All.Count == 1, Patience, "the watch waits");
        await using var source = NpgsqlDataSource.Create(_node.ConnectionString);
        await using var held = await HeldLogs.HoldJobsAsync(source);
        await _node.PassUntilAsync(held.HasWaitersAsync(1), TimeSpan.FromMilliseconds(10));

        // With its hint lost. A commit itself would look for the job too.
        await _node.PassUntilAsync(SweepAsync(), TimeSpan.FromSeconds(1));
        Assert.Equal(0, _node.Services.GetRequiredService<JournalDatabase>().Failures);
    }

    [Fact]
    public async Task A_search_that_was_due_while_another_hung_comes_right_after_it()
    {
        await HideJobAsync();
        await _node.AppendAsync(Watched, Started("e"));
        using var watch = _node.Watch(new WatchJobRequest { JobId = Watched.JobId });
        await watch.UntilAsync(Message.CaughtUp);
        using var first = _node.Missing.Await(new JobKey("local", "nothing-yet"), new Wakeup());
        await using var source = NpgsqlDataSource.Create(_node.ConnectionString);
        await using var held = await HeldLogs.HoldJobsAsync(source);
        await _node.PassUntilAsync(held.HasWaitersAsync(1), TimeSpan.FromMilliseconds(10));

        using var second = _node.Missing.Await(LedgerEu, new Wakeup());
        await _node.PassUntilAsync(SweepAsync(), TimeSpan.FromSeconds(1));
        await held.LetGoAsync(Show);
        await Eventually.TrueAsync(() => second.HasAppeared, Patience, "the job is found while the clock stands still");
    }

    // A look at the watched log, as another node's commit leaves it.
    private async Task SweepAsync()
    {
        await ExecuteAsync("UPDATE jobwatch.mt_streams SET version = 2");
        var job = Assert.Single(_node.Live.All);
        await Eventually.TrueAsync(() => job.Head == 2, Patience, "the sweep looks at the log");
    }

    // The job is there and can't be found yet.
    private async Task HideJobAsync()
    {
        await _node.AppendAsync(LedgerEu, Started("e"));
        await ExecuteAsync(Hide);
    }

    // Shows the job, and cuts the connection off by which it is looked for the second time.
    private async Task FindAndLoseConnectionAsync()
    {
        await Eventually.TrueAsync(() => _node.Missing.All.Count == 1, Patience, "the watch waits");
        await using var source = NpgsqlDataSource.Create(_node.ConnectionString);
        await using var first = await HeldLogs.HoldJobsAsync(source);
        _node.Missing.Found(LedgerEu);
        await first.HasWaitersAsync(1);
        var second = HeldLogs.HoldJobsAsync(source);
        await first.HasWaitersAsync(2);
        await first.LetGoAsync(Show);
        await using var held = await second;
        await held.HasWaitersAsync(1);
        await held.CutWaitersAsync();
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_node.ConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
