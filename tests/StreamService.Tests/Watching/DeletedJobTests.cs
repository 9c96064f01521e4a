using Grpc.Core;
using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Tests.Journal;
using Jobwatch.V1;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;
using Message = Jobwatch.V1.WatchJobResponse.MessageOneofCase;

namespace Jobwatch.StreamService.Tests.Watching;

public sealed class DeletedJobTests : IAsyncLifetime
{
    private NodeUnderTest _node = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await NodeUnderTest.StartAsync();
        await _node.AppendAsync(LedgerEu, Started("e"), Logged("e"));
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task A_watch_on_the_node_that_deletes_the_job_ends_at_once()
    {
        using var watch = _node.Watch(new WatchJobRequest { JobId = "ledger-eu" });
        await watch.UntilAsync(Message.CaughtUp);

        // The clock stands still: no sweep helps.
        await _node.Services.GetRequiredService<JobDeletion>().DeleteAsync(LedgerEu, TestContext.Current.CancellationToken);
        var error = await watch.FailsAsync(StatusCode.NotFound, "JOB_NOT_FOUND");
        Assert.Contains("was deleted", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watch_on_another_node_ends_with_the_sweep_although_the_events_are_still_there()
    {
        await using var other = await JournalUnderTest.StartAsync(_node.ConnectionString);
        using var watch = _node.Watch(new WatchJobRequest { JobId = "ledger-eu" });
        await watch.UntilAsync(Message.CaughtUp);
        await other.Get<JobDeletion>().DeleteAsync(LedgerEu, TestContext.Current.CancellationToken);

        var (error, _) = await _node.PassUntilAsync(watch.FailsAsync(StatusCode.NotFound, "JOB_NOT_FOUND"), TimeSpan.FromMilliseconds(100));
        Assert.Contains("was deleted", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cursors_of_the_deleted_job_are_refused_before_and_after_it_is_made_again()
    {
        var before = (await _node.Reader.FindJobAsync(LedgerEu, TestContext.Current.CancellationToken))!.Log;
        var request = new WatchJobRequest { JobId = "ledger-eu", Start = new WatchStart { Cursor = Cursor.After(before, 1).ToString() }, AllowMissing = true };
        await _node.Services.GetRequiredService<JobDeletion>().DeleteAsync(LedgerEu, TestContext.Current.CancellationToken);
        using var missing = _node.Watch(request);
        await missing.FailsAsync(StatusCode.InvalidArgument, "CURSOR_OF_DELETED_JOB");

        await _node.AppendAsync(LedgerEu, Started("e"), Logged("e"));
        using var remade = _node.Watch(request);
        await remade.FailsAsync(StatusCode.InvalidArgument, "CURSOR_OF_DELETED_JOB");
    }

    [Fact]
    public async Task A_slow_watch_that_comes_to_the_hole_of_an_event_that_gave_way_hears_that_the_job_was_deleted()
    {
        await using var other = await JournalUnderTest.StartAsync(_node.ConnectionString);
        // More than the connection takes for a reader that doesn't read, so that it is behind when the hole is made.
        var long1 = Enumerable.Range(0, 400).Select(_ => Logged("e", new string('x', 20_000))).ToArray();
        foreach (var chunk in long1.Chunk(100))
        {
            await other.AppendAsync(chunk);
        }

        using var watch = _node.Watch(new WatchJobRequest { JobId = "ledger-eu", Start = new WatchStart { Beginning = true } });
        await watch.NextAsync(Message.Event);
        await other.Get<JobDeletion>().DeleteAsync(LedgerEu, TestContext.Current.CancellationToken);
        await other.AppendAsync(Started("e"), long1[350]);

        // The clock stands still: no sweep tells of it.
        var messages = 1;
        var error = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            for (; await watch.NextAsync() is { } message; messages++)
            {
                Assert.Equal(messages + 1, message.Event.Position);
            }
        });
        Assert.Equal((StatusCode.NotFound, 352), (error.StatusCode, messages));
    }
}
