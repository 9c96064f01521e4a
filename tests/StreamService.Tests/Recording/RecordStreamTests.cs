using Grpc.Core;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Tests.Errors;
using Jobwatch.StreamService.Tests.Hosting;
using Jobwatch.StreamService.Tests.Journal;
using Jobwatch.V1;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace Jobwatch.StreamService.Tests.Recording;

public sealed class RecordStreamTests(RunningNode node) : IClassFixture<RunningNode>
{
    private readonly string _job = Appends.NewJob();

    [Fact]
    public async Task Answers_each_batch_with_its_positions_and_ends_when_the_producer_does()
    {
        using var call = new RecordCall(node);
        await call.SendAsync(5, Appends.To(_job, Appends.Started(), Appends.Line()));
        await call.SendAsync(9, Appends.To(_job, Appends.Line()));
        await call.CompleteAsync();

        var answers = await call.AppendedAsync(5, 9);
        await call.EndsWellAsync();
        Assert.Equal([[1, 2], [3]], answers.Select(answer => answer.Positions));
        Assert.Equal((await node.Append(Appends.To(_job, Appends.Line()))).Cursor.Length, answers[1].Cursor.Length);
    }

    [Fact]
    public async Task Takes_batches_while_the_ones_before_wait_and_answers_in_the_order_sent()
    {
        await using var many = await RunningNode.StartAsync(RecordCall.ManyLanes);
        await many.Append(Appends.To(_job, Appends.Started()));
        using var call = new RecordCall(many);
        Task<RecordEventsResponse> first;
        IReadOnlyList<long> sent;
        await using (var held = await HeldLogs.HoldAsync(many.App.Services.GetRequiredService<NpgsqlDataSource>(), new JobKey("local", _job)))
        {
            await call.SendAsync(Appends.To(_job, Appends.Line("1")));
            await held.HasWaitersAsync(1);
            for (var i = 2; i <= 20; i++)
            {
                await call.SendAsync(Appends.To(_job, Appends.Line($"{i}")));
            }

            first = call.NextAsync();
            sent = await call.TakenAsync();
            Assert.False(first.IsCompleted);
        }

        Assert.Equal(1, (await first).Sequence);
        var answers = await call.AppendedAsync(sent.Skip(1));
        Assert.Equal(Enumerable.Range(3, 19).Select(i => (long)i), answers.Take(19).SelectMany(answer => answer.Positions));
        var lines = (await many.ListEvents(new ListEventsRequest { JobId = _job })).Events.Skip(1).ToList();
        Assert.Equal(Enumerable.Range(1, 20).Select(i => $"{i}"), lines.Select(line => line.LogWritten.Text));
        // All but the first were there when its commit ended: they share one.
        Assert.Single(lines.Skip(1).Select(line => line.RecordedAt).Distinct());
    }

    [Fact]
    public async Task A_refused_batch_is_answered_in_its_place_and_the_stream_goes_on()
    {
        using var call = new RecordCall(node);
        await call.SendAsync(Appends.To(_job, Appends.Started()));
        await call.SendAsync(Appends.To(_job, Appends.Line(), new ExecutionEvent { ExecutionId = "run" }));
        await call.SendAsync(Appends.To(_job, Appends.Line("lost", "other")));
        await call.SendAsync(new AppendEventsRequest(Appends.To(_job, Appends.Line())) { ExpectedPosition = 7 });
        await call.SendAsync(new RecordEventsRequest { Sequence = 5 });
        await call.SendAsync(6, new AppendEventsRequest(Appends.To(_job, Appends.Line())) { ExpectedPosition = 1 });
        await call.CompleteAsync();

        await call.AppendedAsync(1);
        (await call.RefusedAsync(2)).IsOf("PAYLOAD_MISSING", "events[1].payload");
        Assert.Equal((StatusCode.FailedPrecondition, "EXECUTION_NOT_STARTED"), Said(await call.RefusedAsync(3)));
        Assert.Equal((StatusCode.Aborted, "POSITION_MISMATCH"), Said(await call.RefusedAsync(4)));
        Assert.Equal(StatusCode.InvalidArgument, (await call.RefusedAsync(5)).Code);
        Assert.Equal([2], Assert.Single(await call.AppendedAsync(6)).Positions);
        await call.EndsWellAsync();
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("3 3")]
    [InlineData("3 4 2")]
    public async Task A_sequence_that_does_not_rise_ends_the_stream_after_the_answers(string sent)
    {
        using var call = new RecordCall(node);
        long[] sequences = [.. sent.Split(' ').Select(long.Parse)];
        await call.SendAsync(sequences[0], Appends.To(_job, Appends.Started()));
        foreach (var next in sequences.Skip(1))
        {
            await call.SendAsync(next, Appends.To(_job, Appends.Line()));
        }

        await call.AppendedAsync(sequences.SkipLast(1));
        (await call.FailsAsync()).IsOf("INVALID_FIELD", "sequence", $"{sequences[^1]}");
    }

    [Fact]
    public async Task A_batch_over_4_MB_is_refused_and_one_far_over_it_ends_the_stream()
    {
        using var call = new RecordCall(node);
        await call.SendAsync(Appends.To(_job, Appends.Started()));
        await call.SendAsync(Appends.To(_job, Large(17)));
        await call.SendAsync(Appends.To(_job, Appends.Line()));
        // The node may have ended the stream before all of it is written.
        var tooMuch = Record.ExceptionAsync(() => call.SendAsync(Appends.To(_job, Large(40))));

        await call.AppendedAsync(1);
        Assert.Equal((StatusCode.ResourceExhausted, "REQUEST_TOO_LARGE"), Said(await call.RefusedAsync(2)));
        await call.AppendedAsync(3);
        Assert.Equal((StatusCode.ResourceExhausted, "REQUEST_TOO_LARGE"), Said(await call.FailsAsync()));
        await tooMuch;
    }

    [Fact]
    public async Task A_batch_that_cannot_be_decoded_ends_the_stream_after_the_answers()
    {
        using var call = new RecordCall(node);
        await call.SendAsync(Appends.To(_job, Appends.Started()));
        await call.SendAsync(Appends.To(_job, Appends.Summary(Appends.Nested(40))));

        await call.AppendedAsync(1);
        Assert.Equal((StatusCode.InvalidArgument, "UNDECODABLE_REQUEST"), Said(await call.FailsAsync()));
    }

    [Fact]
    public async Task Is_of_the_tenant_of_its_credentials()
    {
        using (var call = new RecordCall(node))
        {
            await call.SendAsync(Appends.To(_job, Appends.Started()));
            await call.AppendedAsync(1);
        }

        Assert.Equal(StatusCode.NotFound, (await Refusal.OfAsync(node.GetJob(new GetJobRequest { JobId = _job }, RunningNode.Acme))).Code);
    }

    // 17 of them are a little over 4 MB, and less than what the transport takes at most.
    private static ExecutionEvent[] Large(int count) =>
        [.. Enumerable.Repeat(Appends.Line(new string('x', 248_000)), count).Select(line => line.Clone())];

    private static (StatusCode, string) Said(Refusal refusal) => (refusal.Code, refusal.Reason);
}
