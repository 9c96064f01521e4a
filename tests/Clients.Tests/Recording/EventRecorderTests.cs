using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Jobwatch.Client;
using Jobwatch.Client.Recording;
using Jobwatch.Clients.Tests.Scripted;
using Jobwatch.Testing;
using Jobwatch.V1;

namespace Jobwatch.Clients.Tests.Recording;

public sealed class EventRecorderTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sends_without_waiting_for_answers_and_gives_each_batch_its_own()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client();
        await using var recorder = client.OpenRecorder();
        var release = new TaskCompletionSource();
        node.Records.BeforeStoring = (_, _) => release.Task;
        var first = await recorder.SendAsync(Batch("1", "2"), Cancelled);
        var second = await recorder.SendAsync(Batch("3"), Cancelled);
        Assert.False(first.Acknowledged.IsCompleted);

        release.SetResult();
        await recorder.CompleteAsync(Cancelled);
        Assert.Equal([1, 2], (await first.Acknowledged).Positions);
        Assert.Equal([3], (await second.Acknowledged).Positions);
        Assert.Equal(1, node.Records.Streams);
    }

    [Fact]
    public async Task Waits_while_its_window_is_full_of_batches()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client();
        await using var recorder = client.OpenRecorder();
        var release = new SemaphoreSlim(0);
        node.Records.BeforeStoring = (_, _) => release.WaitAsync(Cancelled);
        for (var i = 0; i < SendWindow.MaxBatches; i++)
            await recorder.SendAsync(Batch($"{i}"), Cancelled);
        var next = recorder.SendAsync(Batch("next"), Cancelled);
        Assert.False(next.IsCompleted);
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var given = recorder.SendAsync(Batch("given up"), impatient.Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);

        release.Release();
        await next;
        release.Release(1000);
        await recorder.CompleteAsync(Cancelled);
        Assert.Equal(
            [.. Enumerable.Range(0, SendWindow.MaxBatches).Select(i => $"{i}"), "next"], node.Records.Stored.Select(one => one.EventId));
    }

    [Fact]
    public async Task Waits_while_its_window_is_full_of_bytes()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client();
        await using var recorder = client.OpenRecorder();
        var release = new TaskCompletionSource();
        node.Records.BeforeStoring = (_, _) => release.Task;
        for (var i = 0; i < 2; i++)
            await recorder.SendAsync(Large(3_900_000), Cancelled);
        var next = recorder.SendAsync(Large(3_900_000), Cancelled);
        Assert.False(next.IsCompleted);
        await Assert.ThrowsAsync<ArgumentException>(() => recorder.SendAsync(Large(4_200_000), Cancelled));

        release.SetResult();
        await next;
        await recorder.CompleteAsync(Cancelled);
        Assert.Equal(3, node.Records.Stored.Count);
    }

    [Fact]
    public async Task A_batch_that_is_nested_too_deep_is_not_sent_and_the_stream_goes_on()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client();
        await using var recorder = client.OpenRecorder();
        var batch = Batch("1", "2", "3");
        batch.Events[0].Custom = new Custom { Data = Structures.Nested(30) };
        batch.Events[2].ExecutionSucceeded = new ExecutionSucceeded { Summary = Structures.Nested(31) };

        var refused = await Assert.ThrowsAsync<ArgumentException>(() => recorder.SendAsync(batch, Cancelled));
        Assert.Equal("batch", refused.ParamName);
        Assert.Contains("events[2].execution_succeeded.summary has 31 levels of objects and lists", refused.Message, StringComparison.Ordinal);

        batch.Events.RemoveAt(2);
        Assert.Equal([1, 2], (await (await recorder.SendAsync(batch, Cancelled)).Acknowledged).Positions);
        Assert.Single(node.Records.Requests);
    }

    [Fact]
    public async Task A_refused_batch_fails_by_itself()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client();
        await using var recorder = client.OpenRecorder();
        node.Records.Refuses = request => request.Sequence != 2 ? null : new Google.Rpc.Status
        {
            Code = (int)Code.FailedPrecondition,
            Message = "ended",
            Details = { Any.Pack(new ErrorInfo { Domain = "jobwatch", Reason = "EXECUTION_ENDED" }) },
        };
        var batches = new List<SentBatch>();
        foreach (var id in new[] { "1", "2", "3" })
            batches.Add(await recorder.SendAsync(Batch(id), Cancelled));
        await recorder.CompleteAsync(Cancelled);

        var refused = await Assert.ThrowsAsync<RpcException>(() => batches[1].Acknowledged);
        Assert.Equal((StatusCode.FailedPrecondition, "EXECUTION_ENDED"), (refused.StatusCode, StatusDetails.Of(refused).Reason));
        Assert.Equal([2], (await batches[2].Acknowledged).Positions);
        await Assert.ThrowsAsync<InvalidOperationException>(() => recorder.SendAsync(Batch("4"), Cancelled));
    }

    [Fact]
    public async Task Events_get_their_ids_before_the_first_try_and_the_callers_stay_as_they_were()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client();
        await using var recorder = client.OpenRecorder();
        var breaks = 2;
        node.Records.AfterStoring = (_, context) =>
        {
            if (breaks-- > 0)
                context.GetHttpContext().Abort();
            return Task.CompletedTask;
        };
        var batch = new AppendEventsRequest { JobId = "j", Events = { new ExecutionEvent { ExecutionId = "e" } }, ExpectedPosition = 0 };
        var sent = await recorder.SendAsync(batch, Cancelled);
        await sent.Acknowledged;

        Assert.Empty(batch.Events[0].EventId);
        Assert.Equal(3, node.Records.Requests.Count);
        Assert.Single(node.Records.Requests.Distinct());
        Assert.Equal(7, Guid.Parse(Assert.Single(node.Records.Stored).EventId).Version);
    }

    [Fact]
    public async Task A_stream_that_breaks_while_nothing_is_under_way_goes_on_with_the_next_batch()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client();
        await using var recorder = client.OpenRecorder();
        var end = new TaskCompletionSource();
        node.Records.AfterStoring = (request, context) =>
        {
            if (request.Sequence == 1)
                end.Task.ContinueWith(_ => context.GetHttpContext().Abort(), Cancelled, TaskContinuationOptions.None, TaskScheduler.Default);
            return Task.CompletedTask;
        };
        await (await recorder.SendAsync(Batch("1"), Cancelled)).Acknowledged;
        end.SetResult();
        await Eventually.TrueAsync(() => node.Records.StreamsEnded == 1, Deadline, "the stream is cut");

        // Its client may not have noticed yet: then the batch goes into the dead stream first, and is sent again.
        await (await recorder.SendAsync(Batch("2"), Cancelled)).Acknowledged;
        Assert.Equal(2, node.Records.Streams);
    }

    [Fact]
    public async Task A_status_that_stays_fails_all_that_is_unanswered_and_the_stream()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client();
        await using var recorder = client.OpenRecorder();
        node.Records.Refuse(StatusCode.Unauthenticated);
        var batch = await recorder.SendAsync(Batch("1"), Cancelled);

        Assert.Equal(StatusCode.Unauthenticated, (await Assert.ThrowsAsync<RpcException>(() => batch.Acknowledged)).StatusCode);
        Assert.Equal(
            StatusCode.Unauthenticated, (await Assert.ThrowsAsync<RpcException>(() => recorder.SendAsync(Batch("2"), Cancelled))).StatusCode);
        await Assert.ThrowsAsync<RpcException>(() => recorder.CompleteAsync(Cancelled));
    }

    [Fact]
    public async Task Gives_up_when_the_server_is_away_for_too_long()
    {
        var node = await ScriptedNode.StartAsync();
        await using var client = node.Client(options => options.RetryFor = TimeSpan.FromMilliseconds(50));
        await node.DisposeAsync();
        await using var recorder = client.OpenRecorder();
        var batch = await recorder.SendAsync(Batch("1"), Cancelled);
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => batch.Acknowledged)).StatusCode);
    }

    [Fact]
    public async Task Disposing_cancels_what_is_unanswered()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client();
        var recorder = client.OpenRecorder();
        node.Records.BeforeStoring = (_, context) => new TaskCompletionSource().Task.WaitAsync(context.CancellationToken);
        var batch = await recorder.SendAsync(Batch("1"), Cancelled);
        await recorder.DisposeAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => batch.Acknowledged);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => recorder.SendAsync(Batch("2"), Cancelled));
    }

    [Fact]
    public async Task An_answer_out_of_turn_is_a_fault_of_the_server()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client();
        await using var recorder = client.OpenRecorder();
        node.Records.BeforeStoring = (request, _) =>
        {
            request.Sequence++;
            return Task.CompletedTask;
        };
        var batch = await recorder.SendAsync(Batch("1"), Cancelled);
        await Assert.ThrowsAsync<StreamOrderException>(() => batch.Acknowledged);
    }

    [Fact]
    public async Task An_answer_without_a_known_outcome_is_no_acknowledgement()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var client = node.Client();
        await using var recorder = client.OpenRecorder();
        node.Records.SaysNothing = request => request.Sequence == 1;
        var silent = await recorder.SendAsync(Batch("1"), Cancelled);
        var told = await recorder.SendAsync(Batch("2"), Cancelled);

        Assert.Equal(StatusCode.Internal, (await Assert.ThrowsAsync<RpcException>(() => silent.Acknowledged)).StatusCode);
        Assert.Single((await told.Acknowledged).Positions);
    }

    private static AppendEventsRequest Large(int bytes) => new()
    {
        JobId = "j",
        Events = { new ExecutionEvent { ExecutionId = "e", LogWritten = new LogWritten { Text = new string('x', bytes) } } },
    };

    private static AppendEventsRequest Batch(params string[] ids) =>
        new() { JobId = "j", Events = { ids.Select(id => new ExecutionEvent { ExecutionId = "e", EventId = id }) } };
}
