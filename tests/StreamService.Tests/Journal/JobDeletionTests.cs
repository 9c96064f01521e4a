using Jobwatch.StreamService.Journal;
using Jobwatch.V1;
using Npgsql;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;

namespace Jobwatch.StreamService.Tests.Journal;

/// <summary>A job that was deleted is gone at once, also for those who remember it; its next life begins with nothing.</summary>
public sealed class JobDeletionTests : IAsyncLifetime
{
    private JournalUnderTest _one = null!;
    private JournalUnderTest _other = null!;

    public async ValueTask InitializeAsync()
    {
        _one = await JournalUnderTest.StartAsync();
        _other = await JournalUnderTest.StartAsync(_one.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await _other.DisposeAsync();
        await _one.DisposeAsync();
    }

    [Fact]
    public async Task Nothing_finds_a_deleted_job_and_deleting_it_again_says_so()
    {
        await _one.AppendAsync(Started("e"), Logged("e"));
        var log = (await HeadAsync())!.Log;

        Assert.True(await DeleteAsync(_other));
        Assert.False(await DeleteAsync(_one));
        Assert.False(await DeleteAsync(_one, new JobKey("other", LedgerEu.JobId)));
        Assert.Null(await HeadAsync());
        Assert.Null(await _one.Catalog.FindJobAsync(LedgerEu, TestContext.Current.CancellationToken));
        Assert.Empty(await _one.Reader.HeadsAsync([log], TestContext.Current.CancellationToken));
        Assert.Empty(await _one.Reader.FindJobsAsync([LedgerEu], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_same_event_ids_are_new_in_the_next_life_while_the_old_events_are_still_there()
    {
        ExecutionEvent[] events = [Started("e"), .. Enumerable.Range(0, 5).Select(_ => Logged("e"))];
        await _one.AppendAsync(events);
        await DeleteAsync(_one);

        Assert.Equal([1, 2, 3, 4, 5, 6], (await _other.AppendAsync(events)).Positions());
        Assert.Equal([1, 2, 3, 4, 5, 6], (await _one.AppendAsync(events)).Positions());
        Assert.Equal(6, (await _one.LogAsync()).Count);
    }

    [Fact]
    public async Task The_same_event_ids_are_new_for_a_node_that_remembers_the_next_life()
    {
        var line = Logged("e");
        await _one.AppendAsync(Started("e"), line);
        await DeleteAsync(_one);
        // From the third on it writes without reading.
        await _one.AppendAsync(Started("e"));
        await _one.AppendAsync(Logged("e"));

        Assert.Equal([3], (await _one.AppendAsync(line)).Positions());
        Assert.Equal([3], (await _one.AppendAsync(line)).Positions());
    }

    [Fact]
    public async Task A_made_execution_of_the_old_life_is_not_taken_up_again()
    {
        var started = Started("");
        var before = Assert.IsType<AppendOutcome.Appended>(await _one.AppendAsync(started)).MadeExecutionId;
        await DeleteAsync(_one);

        Assert.NotEqual(before, Assert.IsType<AppendOutcome.Appended>(await _one.AppendAsync(started)).MadeExecutionId);
    }

    [Fact]
    public async Task A_node_that_remembers_the_log_appends_nothing_to_it_when_another_has_deleted_the_job()
    {
        await _one.AppendAsync(Started("e"));
        await _one.AppendAsync(Logged("e"));
        await _one.AppendAsync(Logged("e"));
        var before = (await HeadAsync())!.Log;
        await DeleteAsync(_other);

        Assert.IsType<AppendOutcome.ExecutionNotStarted>(await _one.AppendAsync(Logged("e")));
        Assert.Equal([1], (await _one.AppendAsync(Started("e"))).Positions());
        Assert.NotEqual(before, (await HeadAsync())!.Log);
    }

    [Fact]
    public async Task An_append_that_waited_for_the_deletion_begins_the_next_life()
    {
        await _one.AppendAsync(Started("e"));
        await using var connection = await _one.Source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var delete = new NpgsqlCommand(JournalSql.DeleteJob, connection, transaction))
        {
            delete.Parameters.Add(new() { Value = LedgerEu.Tenant });
            delete.Parameters.Add(new() { Value = LedgerEu.JobId });
            await delete.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await using var held = await HeldLogs.HoldAsync(_one.Source);
        var (remembers, reads) = (_one.AppendAsync(Logged("e")), _other.AppendAsync(Started("f")));
        await held.HasWaitersAsync(2);
        await transaction.CommitAsync(TestContext.Current.CancellationToken);

        Assert.IsType<AppendOutcome.ExecutionNotStarted>(await remembers);
        Assert.Equal([1], (await reads).Positions());
        Assert.Equal(1, (await HeadAsync())!.Head);
    }

    [Fact]
    public async Task Appends_that_run_while_the_job_is_deleted_again_and_again_are_whole_in_one_life()
    {
        var lives = new List<long>();
        var stop = 0;
        var producers = new[] { _one, _other, _one, _other }.Select(node => Task.Run(() => ProduceAsync(node))).ToArray();
        while (lives.Count < 15)
        {
            if (await HeadAsync() is { Head: > 3 } head && await DeleteAsync(lives.Count % 2 == 0 ? _one : _other))
            {
                lives.Add(head.Log.Incarnation);
            }
        }

        Volatile.Write(ref stop, 1);
        var acknowledged = (await Task.WhenAll(producers)).SelectMany(appended => appended).ToList();

        Assert.True(acknowledged.Count >= lives.Count * 2);
        Assert.Equal(acknowledged.Count, acknowledged.Select(one => (one.Log.Incarnation, one.Positions[0])).Distinct().Count());
        // In each life, the deleted ones too, positions are contiguous, and those that were acknowledged are all there was.
        foreach (var life in acknowledged.GroupBy(one => one.Log))
        {
            var positions = life.SelectMany(one => one.Positions).Order().ToList();
            Assert.Equal(Enumerable.Range(1, positions.Count).Select(position => (long)position), positions);
        }

        var present = await HeadAsync();
        var last = (await _one.LogAsync()).Select(stored => stored.Position);
        Assert.Equal(acknowledged.Where(one => one.Log == present?.Log).SelectMany(one => one.Positions).Order(), last);

        async Task<List<AppendOutcome.Appended>> ProduceAsync(JournalUnderTest node)
        {
            var appended = new List<AppendOutcome.Appended>();
            for (var i = 0; Volatile.Read(ref stop) == 0; i++)
            {
                var execution = $"e{Guid.CreateVersion7():n}";
                appended.Add(Assert.IsType<AppendOutcome.Appended>(await node.AppendAsync(Started(execution), Succeeded(execution))));
            }

            return appended;
        }
    }

    private static Task<bool> DeleteAsync(JournalUnderTest node, JobKey? job = null) =>
        node.Get<JobDeletion>().DeleteAsync(job ?? LedgerEu, TestContext.Current.CancellationToken);

    private Task<JobHead?> HeadAsync() => _one.Reader.FindJobAsync(LedgerEu, TestContext.Current.CancellationToken);
}
