using Grpc.Core;
using Jobwatch.StreamService.Tests.Journal;
using Jobwatch.StreamService.Watching;
using Jobwatch.V1;
using Npgsql;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;
using Message = Jobwatch.V1.WatchJobResponse.MessageOneofCase;

namespace Jobwatch.StreamService.Tests.Watching;

public sealed class WatchLimitsTests : IAsyncLifetime
{
    private NodeUnderTest _node = null!;

    public async ValueTask InitializeAsync() => _node = await NodeUnderTest.StartAsync(settings: [("Watching:MaxWatches", "2")]);

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task One_watch_too_many_is_refused_until_another_has_left()
    {
        await _node.AppendAsync(LedgerEu, Started("e"));
        using var first = _node.Watch(new WatchJobRequest { JobId = "ledger-eu" });
        var second = _node.Watch(new WatchJobRequest { JobId = "ledger-eu" });
        await first.UntilAsync(Message.CaughtUp);
        await second.UntilAsync(Message.CaughtUp);
        using var refused = _node.Watch(new WatchJobRequest { JobId = "ledger-eu" });
        var error = await refused.FailsAsync(StatusCode.ResourceExhausted, "TOO_MANY_WATCHES");
        second.Dispose();

        Assert.NotNull(error.GetRpcStatus()!.GetDetail<Google.Rpc.RetryInfo>());
        await Jobwatch.Testing.Eventually.TrueAsync(
            async _ =>
            {
                using var next = _node.Watch(new WatchJobRequest { JobId = "ledger-eu", Start = new WatchStart { Beginning = true } });
                try
                {
                    return await next.NextAsync() is not null;
                }
                catch (RpcException)
                {
                    return false;
                }
            },
            TimeSpan.FromSeconds(30), "the place is free again");
    }

    [Fact]
    public async Task A_rush_of_watches_takes_few_connections()
    {
        const int Others = 4;
        await using var node = await NodeUnderTest.StartAsync();
        var jobs = Enumerable.Range(0, 50).Select(i => LedgerEu with { JobId = $"ledger-{i}" }).ToList();
        foreach (var job in jobs)
        {
            await node.AppendAsync(job, Started("e"));
        }

        await using var source = NpgsqlDataSource.Create(node.ConnectionString);
        await using var held = await HeldLogs.HoldJobsAsync(source);
        var rush = jobs.Select(job => node.Watch(new WatchJobRequest { JobId = job.JobId })).ToList();
        await held.HasWaitersAsync(OpeningTurns.AtOnce);
        await held.DisposeAsync();
        foreach (var watch in rush)
        {
            await watch.UntilAsync(Message.CaughtUp);
        }

        await using var connections = source.CreateCommand(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'jobwatch'");
        Assert.InRange((long)(await connections.ExecuteScalarAsync(TestContext.Current.CancellationToken))!, 1, OpeningTurns.AtOnce + Others);
        rush.ForEach(watch => watch.Dispose());
    }

    [Fact]
    public async Task Watchers_of_one_job_that_come_together_look_at_the_store_together()
    {
        await using var node = await NodeUnderTest.StartAsync();
        await node.AppendAsync(LedgerEu, Started("e"));
        await using var source = NpgsqlDataSource.Create(node.ConnectionString);
        await using var held = await HeldLogs.HoldJobsAsync(source);
        var rush = Enumerable.Range(0, OpeningTurns.AtOnce - 1).Select(_ => node.Watch(new WatchJobRequest { JobId = "ledger-eu" })).ToList();
        await held.HasWaitersAsync(1);
        // By the time the one who came last waits, the others would, too.
        rush.Add(node.Watch(new WatchJobRequest { JobId = "ledger-us", AllowMissing = true }));
        await held.HasWaitersAsync(2);

        await held.DisposeAsync();
        foreach (var watch in rush)
        {
            await watch.UntilAsync(Message.CaughtUp);
            watch.Dispose();
        }
    }

    [Fact]
    public async Task A_bad_job_id_is_refused()
    {
        using var watch = _node.Watch(new WatchJobRequest { JobId = "ledger/eu" });
        await watch.FailsAsync(StatusCode.InvalidArgument, "INVALID_ID");
    }
}
