using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Tests.Journal;
using Jobwatch.V1;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;
using Message = Jobwatch.V1.ReplayExecutionResponse.MessageOneofCase;

namespace Jobwatch.StreamService.Tests.Watching;

public sealed class ReplayTests : IAsyncLifetime
{
    private NodeUnderTest _node = null!;

    public async ValueTask InitializeAsync() => _node = await NodeUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task A_past_execution_comes_alone_from_its_first_event_to_its_end()
    {
        await _node.AppendAsync(LedgerEu, Started("a"), Started("b"), Logged("a"), Logged("b"), Succeeded("b"), Succeeded("a"));

        Assert.Equal(["event 2", "event 4", "event 5", "ended 5"], await ReadAsync(Replay("b")));
    }

    [Fact]
    public async Task A_running_execution_is_followed_until_it_ends()
    {
        await _node.AppendAsync(LedgerEu, Started("a"), Started("b"));
        using var replay = _node.Replay(Replay("b"));
        Assert.Equal("event 2", await NextAsync(replay));
        Assert.Equal("CaughtUp", await NextAsync(replay));
        await _node.AppendAsync(LedgerEu, Logged("a"), Succeeded("b"), Logged("a"));

        Assert.Equal(["event 4", "ended 4"], await RestAsync(replay));
    }

    [Fact]
    public async Task Goes_on_after_a_cursor_and_has_nothing_left_after_the_end()
    {
        await _node.AppendAsync(LedgerEu, Started("a"), Started("b"), Logged("b"), Succeeded("b"));
        var log = (await _node.Reader.FindJobAsync(LedgerEu, TestContext.Current.CancellationToken))!.Log;
        var (middle, early, end) = (Replay("b"), Replay("b"), Replay("b"));
        middle.Cursor = Cursor.After(log, 2).ToString();
        early.Cursor = Cursor.BeforeFirst(LedgerEu).ToString();
        end.Cursor = Cursor.After(log, 4).ToString();

        Assert.Equal(["event 3", "event 4", "ended 4"], await ReadAsync(middle));
        Assert.Equal(["event 2", "event 3", "event 4", "ended 4"], await ReadAsync(early));
        using var ended = _node.Replay(end);
        Assert.Equal("true", (await ended.ResponseHeadersAsync).GetValue("jobwatch-nothing-left"));
        Assert.Empty(await RestAsync(ended));
    }

    [Fact]
    public async Task A_replay_of_truncated_events_says_so_and_goes_on_after_the_oldest_cursor()
    {
        await using var journal = await JournalUnderTest.StartAsync(_node.ConnectionString);
        await _node.AppendAsync(LedgerEu, Started("a"), Succeeded("a"), Started("b"), Logged("b"), Succeeded("b"));
        await journal.TruncateAsync(3);

        foreach (var (execution, rest) in new[] { ("b", new[] { "event 4", "event 5", "ended 5" }), ("a", []) })
        {
            using var refused = _node.Replay(Replay(execution));
            var error = await Assert.ThrowsAsync<RpcException>(() => RestAsync(refused));
            Assert.Equal((StatusCode.OutOfRange, "HISTORY_TRUNCATED"), (error.StatusCode, error.GetRpcStatus()!.GetDetail<ErrorInfo>().Reason));
            var onwards = Replay(execution);
            onwards.Cursor = error.GetRpcStatus()!.GetDetail<ErrorInfo>().Metadata["oldest_cursor"];
            Assert.Equal(rest, await ReadAsync(onwards));
        }
    }

    [Fact]
    public async Task At_a_pace_each_event_waits_as_long_as_it_did_divided_by_the_speed_and_bounded()
    {
        var (started, second, third, end) = (Started("a"), Logged("a"), Logged("a"), Succeeded("a"));
        second.OccurredAt = At(started, 4);
        third.OccurredAt = At(second, 3600);
        end.OccurredAt = At(third, -60);
        await _node.AppendAsync(LedgerEu, started, second, third, end);
        var request = Replay("a");
        request.Speed = 2;
        request.MaxPause = Duration.FromTimeSpan(TimeSpan.FromSeconds(20));
        using var replay = _node.Replay(request);

        Assert.Equal("event 1", await NextAsync(replay));
        var (untilSecond, quiet) = await ComesAsync(replay, "event 2");
        var (untilThird, heartbeats) = await ComesAsync(replay, "event 3");
        Assert.True(untilSecond >= TimeSpan.FromSeconds(2), $"event 2 came after {untilSecond}");
        // From the replay's begin: time may have passed on while event 2 was on its way.
        Assert.True(untilSecond + untilThird >= TimeSpan.FromSeconds(22), $"event 3 came after {untilSecond} and {untilThird}");
        Assert.Equal(0, quiet);
        Assert.True(heartbeats > 0);
        Assert.Equal(["event 4", "ended 4"], await RestAsync(replay));
    }

    [Fact]
    public async Task What_can_not_be_replayed_is_refused()
    {
        await _node.AppendAsync(LedgerEu, Started("a"));
        var (fast, backwards, filtered) = (Replay("a"), Replay("a"), Replay("a"));
        fast.Speed = 1001;
        backwards.MaxPause = new Duration { Seconds = -1 };
        filtered.Filter = new EventFilter { ExecutionIds = { "a" } };
        var cursor = Replay("a");
        cursor.Cursor = "nonsense";

        await FailsAsync(Replay("x"), StatusCode.NotFound, "EXECUTION_NOT_FOUND");
        await FailsAsync(new ReplayExecutionRequest { JobId = "ledger-xx", ExecutionId = "a" }, StatusCode.NotFound, "JOB_NOT_FOUND");
        await FailsAsync(fast, StatusCode.InvalidArgument, "INVALID_FIELD");
        await FailsAsync(backwards, StatusCode.InvalidArgument, "INVALID_FIELD");
        await FailsAsync(filtered, StatusCode.InvalidArgument, "INVALID_FILTER");
        await FailsAsync(cursor, StatusCode.InvalidArgument, "CURSOR_UNKNOWN");
    }

    private static ReplayExecutionRequest Replay(string executionId) => new() { JobId = "ledger-eu", ExecutionId = executionId };

    private static Timestamp At(ExecutionEvent before, int seconds) => new() { Seconds = before.OccurredAt.Seconds + seconds };

    private static async Task<string?> NextAsync(AsyncServerStreamingCall<ReplayExecutionResponse> replay)
    {
        var moved = await replay.ResponseStream.MoveNext(CancellationToken.None)
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        return !moved ? null : replay.ResponseStream.Current switch
        {
            { MessageCase: Message.Event } message => $"event {message.Event.Position}",
            { MessageCase: Message.ExecutionEnded } message => $"ended {message.ExecutionEnded.Position}",
            var message => message.MessageCase.ToString(),
        };
    }

    private static async Task<IReadOnlyList<string>> RestAsync(AsyncServerStreamingCall<ReplayExecutionResponse> replay)
    {
        var rest = new List<string>();
        while (await NextAsync(replay) is { } message)
        {
            rest.Add(message);
        }

        return rest;
    }

    private async Task<IReadOnlyList<string>> ReadAsync(ReplayExecutionRequest request)
    {
        using var replay = _node.Replay(request);
        return await RestAsync(replay);
    }

    // How much time passed before the message came, and how many heartbeats came before it.
    private async Task<(TimeSpan Passed, int Heartbeats)> ComesAsync(AsyncServerStreamingCall<ReplayExecutionResponse> replay, string message)
    {
        var (heartbeats, passed) = (0, TimeSpan.Zero);
        while (true)
        {
            var (next, more) = await _node.PassUntilAsync(NextAsync(replay), TimeSpan.FromMilliseconds(100));
            passed += more;
            if (next == message)
            {
                return (passed, heartbeats);
            }

            Assert.Equal("Heartbeat", next);
            heartbeats++;
        }
    }

    private async Task FailsAsync(ReplayExecutionRequest request, StatusCode code, string reason)
    {
        using var replay = _node.Replay(request);
        var error = await Assert.ThrowsAsync<RpcException>(() => NextAsync(replay));
        Assert.Equal((code, reason), (error.StatusCode, error.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason));
    }
}
