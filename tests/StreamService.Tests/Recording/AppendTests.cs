using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Tests.Errors;
using Jobwatch.StreamService.Tests.Hosting;
using Jobwatch.V1;
using Xunit;

namespace Jobwatch.StreamService.Tests.Recording;

public sealed class AppendTests(RunningNode node) : IClassFixture<RunningNode>
{
    private readonly string _job = Appends.NewJob();

    [Fact]
    public async Task Answers_with_the_positions_and_the_cursor_behind_the_last()
    {
        var first = await AppendAsync(Appends.Started(), Appends.Line(), Appends.Line());
        var second = await AppendAsync(Appends.Line());

        Assert.Equal([1, 2, 3], first.Positions);
        Assert.Equal([4], second.Positions);
        Assert.True(Cursor.TryParse(first.Cursor, out var cursor));
        Assert.Equal(3, cursor.Position);
        Assert.False(first.HasExecutionId);
        Assert.Equal(4, (await ListAsync()).Count);
    }

    [Fact]
    public async Task Fills_in_event_id_and_time_and_clears_what_the_server_sets()
    {
        var before = TimeProvider.System.GetUtcNow();
        await AppendAsync(
            new ExecutionEvent(Appends.Started())
            {
                Position = 77,
                Type = "custom",
                Status = ExecutionStatus.Failed,
                RecordedAt = new Timestamp { Seconds = 1 },
            });

        var stored = Assert.Single(await ListAsync());
        Assert.Equal((1, "execution_started", ExecutionStatus.Running), (stored.Position, stored.Type, stored.Status));
        Assert.Equal(7, Guid.Parse(stored.EventId).Version);
        Assert.InRange(stored.OccurredAt.ToDateTimeOffset(), before.AddSeconds(-1), before.AddSeconds(60));
        Assert.InRange(stored.RecordedAt.ToDateTimeOffset(), before.AddSeconds(-1), before.AddSeconds(60));
    }

    [Fact]
    public async Task Makes_one_execution_for_the_events_that_name_none()
    {
        var answer = await AppendAsync(Appends.Started(""), Appends.Line("one", ""));

        Assert.True(answer.HasExecutionId);
        Assert.All(await ListAsync(), stored => Assert.Equal(answer.ExecutionId, stored.ExecutionId));
    }

    [Fact]
    public async Task Takes_an_event_id_in_upper_case_for_the_same_id()
    {
        var id = Guid.CreateVersion7().ToString();
        var first = await AppendAsync(new ExecutionEvent(Appends.Started()) { EventId = id.ToUpperInvariant() });
        var again = await AppendAsync(new ExecutionEvent(Appends.Started()) { EventId = id });

        Assert.Equal(first.Positions, again.Positions);
        Assert.Equal(id, Assert.Single(await ListAsync()).EventId);
    }

    [Fact]
    public async Task Keeps_fields_that_it_does_not_know()
    {
        // Field 1000 of the event: «hi».
        var unknown = ExecutionEvent.Parser.ParseFrom([0xC2, 0x3E, 2, (byte)'h', (byte)'i']);
        var item = Appends.Started();
        item.MergeFrom(unknown);
        await AppendAsync(item);

        Assert.EndsWith("hi", Encoding.Latin1.GetString((await ListAsync())[0].ToByteArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accepts_the_largest_event_and_the_largest_batch()
    {
        var large = Appends.Line(new string('x', (256 * 1024) - 40));
        var answer = await AppendAsync([Appends.Started(), .. Enumerable.Repeat(large, 15).Select(line => line.Clone())]);

        Assert.Equal(16, answer.Positions.Count);
    }

    [Fact]
    public async Task Tells_an_ended_execution_by_index_id_and_status()
    {
        await AppendAsync(Appends.Started(), Appends.Succeeded());
        var refusal = await RefuseAsync(Appends.Started("next"), Appends.Line());

        Assert.Equal((StatusCode.FailedPrecondition, "EXECUTION_ENDED"), (refusal.Code, refusal.Reason));
        Assert.Contains("events[1]: execution 'run' has ended (succeeded)", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("new execution", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(("1", "run", "succeeded"), (refusal.Metadata["event_index"], refusal.Metadata["execution_id"], refusal.Metadata["status"]));
        Assert.Equal(2, (await ListAsync()).Count);
    }

    [Fact]
    public async Task Tells_an_execution_that_has_not_begun()
    {
        var refusal = await RefuseAsync(Appends.Line());

        Assert.Equal((StatusCode.FailedPrecondition, "EXECUTION_NOT_STARTED"), (refusal.Code, refusal.Reason));
        Assert.Contains("send execution_queued or execution_started", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tells_the_head_when_another_append_came_first()
    {
        await AppendAsync(Appends.Started());
        var request = Appends.To(_job, Appends.Line());
        request.ExpectedPosition = 0;
        var refusal = await Refusal.OfAsync(node.Append(request));

        Assert.Equal((StatusCode.Aborted, "POSITION_MISMATCH"), (refusal.Code, refusal.Reason));
        Assert.Equal(("0", "1"), (refusal.Metadata["expected_position"], refusal.Metadata["actual_position"]));
        request.ExpectedPosition = 1;
        Assert.Equal([2], (await node.Append(request)).Positions);
    }

    [Fact]
    public async Task Answers_too_many_waiting_appends_with_when_to_send_them_again()
    {
        await using var small = await RunningNode.StartAsync(("Journal:WaitingBytes", $"{8 * 1024 * 1024}"), ("Journal:CommitLanes", "1"));
        var large = Enumerable.Repeat(Appends.Line(new string('x', 250_000)), 15).Select(line => line.Clone()).ToArray();
        await small.Append(Appends.To(_job, Appends.Started()));
        var calls = Enumerable.Range(0, 8).Select(_ => small.Append(Appends.To(_job, large)).ResponseAsync).ToList();
        await Task.WhenAll(calls).ContinueWith(_ => { }, TestContext.Current.CancellationToken, TaskContinuationOptions.None, TaskScheduler.Default);

        var refused = calls.Where(call => call.IsFaulted).Select(call => Refusal.From((RpcException)call.Exception!.InnerException!)).ToList();
        Assert.NotEmpty(refused);
        Assert.All(refused, refusal => Assert.Equal(
            (StatusCode.ResourceExhausted, "TOO_MANY_APPENDS", TimeSpan.FromSeconds(0.5)),
            (refusal.Code, refusal.Reason, refusal.RetryAfter)));
    }

    private async Task<AppendEventsResponse> AppendAsync(params ExecutionEvent[] events) =>
        await node.Append(Appends.To(_job, events));

    private Task<Refusal> RefuseAsync(params ExecutionEvent[] events) =>
        Refusal.OfAsync(node.Append(Appends.To(_job, events)));

    private async Task<IReadOnlyList<ExecutionEvent>> ListAsync() =>
        (await node.ListEvents(new ListEventsRequest { JobId = _job })).Events;
}
