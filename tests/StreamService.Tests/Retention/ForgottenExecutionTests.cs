using Grpc.Core;
using Jobwatch.StreamService.Tests.Journal;
using Jobwatch.StreamService.Tests.Watching;
using Jobwatch.V1;
using Npgsql;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;
using Message = Jobwatch.V1.WatchJobResponse.MessageOneofCase;

namespace Jobwatch.StreamService.Tests.Retention;

/// <summary>A watch that began with an execution goes on after retention has taken all of it, its row in the catalog too.</summary>
public sealed class ForgottenExecutionTests : IAsyncLifetime
{
    private NodeUnderTest _node = null!;
    private JournalUnderTest _store = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await NodeUnderTest.StartAsync();
        _store = await JournalUnderTest.StartAsync(_node.ConnectionString);
        await _node.AppendAsync(LedgerEu, Started("a"));
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _node.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_has_passed_it_goes_on(bool allowMissing)
    {
        await _node.AppendAsync(LedgerEu, Started("b"), Succeeded("b"), Logged("a"));
        var request = Request(allowMissing);
        request.Start.ResumeCursor = await CursorAtHeadAsync(request);
        await ForgetAsync(floor: 3);

        using var watch = _node.Watch(request);
        await watch.NextAsync(Message.CaughtUp);
        await _node.AppendAsync(LedgerEu, Logged("a"));
        Assert.Equal(5, (await watch.NextAsync(Message.Event)).Event.Position);
    }

    [Fact]
    public async Task One_that_was_to_end_with_it_has_nothing_left()
    {
        await _node.AppendAsync(LedgerEu, Started("b"), Succeeded("b"), Logged("a"));
        var request = Request(allowMissing: true);
        request.Start.ResumeCursor = await CursorAtHeadAsync(request);
        await ForgetAsync(floor: 3);

        request.UntilExecutionEnds = true;
        using var watch = _node.Watch(request);
        Assert.Null(await watch.NextAsync());
    }

    [Fact]
    public async Task One_that_awaited_it_is_told_that_it_may_have_missed_it()
    {
        var request = Request(allowMissing: true);
        request.Start.ResumeCursor = await CursorAtHeadAsync(request);
        await _node.AppendAsync(LedgerEu, Started("b"), Succeeded("b"), Logged("a"));
        await ForgetAsync(floor: 3);

        using var watch = _node.Watch(request);
        await watch.FailsAsync(StatusCode.OutOfRange, "HISTORY_TRUNCATED");
    }

    [Fact]
    public async Task One_that_awaits_it_goes_on_awaiting_while_others_history_ends()
    {
        var request = Request(allowMissing: true);
        await _node.AppendAsync(LedgerEu, Logged("a"), Logged("a"));
        request.Start.ResumeCursor = await CursorAtHeadAsync(request);
        await _store.TruncateAsync(2);
        await _node.AppendAsync(LedgerEu, Logged("a"));

        using var watch = _node.Watch(request);
        await watch.NextAsync(Message.CaughtUp);
        await _node.AppendAsync(LedgerEu, Logged("a"), Started("b"));
        Assert.Equal(6, (await watch.NextAsync(Message.Event)).Event.Position);
    }

    private static WatchJobRequest Request(bool allowMissing) => new()
    {
        JobId = "ledger-eu",
        Start = new WatchStart { FromExecution = "b" },
        AllowMissing = allowMissing,
    };

    private async Task<string> CursorAtHeadAsync(WatchJobRequest request)
    {
        using var first = _node.Watch(request);
        return (await first.UntilAsync(Message.CaughtUp))[^1].Cursor;
    }

    private async Task ForgetAsync(long floor)
    {
        await _store.TruncateAsync(floor);
        await using var connection = await _store.Source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var forget = new NpgsqlCommand("DELETE FROM jobwatch.execution WHERE execution_id = 'b'", connection);
        await forget.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
