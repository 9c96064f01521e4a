using System.Diagnostics;
using Grpc.Core;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Recording;
using Jobwatch.StreamService.Tests.Hosting;
using Jobwatch.StreamService.Tests.Journal;
using Jobwatch.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace Jobwatch.StreamService.Tests.Recording;

/// <summary>A producer that is faster than its node, or doesn't listen, is stopped by HTTP/2 flow control.</summary>
public sealed class RecordFlowTests
{
    private const int BatchBytes = 1_000_000;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly string _job = Appends.NewJob();

    [Fact]
    public async Task A_flood_while_the_store_is_blocked_is_stopped_by_the_window_and_goes_on_later()
    {
        const int Batches = 40;
        await using var node = await RunningNode.StartAsync();
        await node.Append(Appends.To(_job, Appends.Started()));
        using var call = new RecordCall(node);
        var sent = 0;
        Task flood;
        await using (await HoldAsync(node))
        {
            flood = FloodAsync(Batches);
            await StallsAsync(() => Volatile.Read(ref sent));

            // Kestrel's window of 768 KB and what the client's own connection holds come on top.
            Assert.InRange(sent, RecordStream.WindowBytes / BatchBytes, (RecordStream.WindowBytes / BatchBytes) + 4);
        }

        await call.AppendedAsync(Enumerable.Range(1, Batches).Select(i => (long)i));
        await flood;
        Assert.Equal(1 + (Batches * 4), (await node.Journal.FindJobAsync(new JobKey("local", _job), TestContext.Current.CancellationToken))!.Head);

        async Task FloodAsync(int batches)
        {
            for (var i = 0; i < batches; i++)
            {
                await call.SendAsync(Appends.To(_job, [.. Enumerable.Range(0, 4).Select(_ => Appends.Line(new string('x', BatchBytes / 4)))]));
                Interlocked.Increment(ref sent);
            }
        }
    }

    [Fact]
    public async Task Full_lanes_hold_a_stream_back_and_refuse_nothing_of_it()
    {
        // The lanes take less than the stream's window does.
        await using var node = await RunningNode.StartAsync(("Journal:WaitingAppends", "2"));
        await node.Append(Appends.To(_job, Appends.Started()));
        using var call = new RecordCall(node);
        await using (var held = await HoldAsync(node))
        {
            for (var i = 1; i <= 50; i++)
            {
                await call.SendAsync(Appends.To(_job, Appends.Line($"{i}")));
            }

            await held.HasWaitersAsync(1);
        }

        var answers = await call.AppendedAsync(Enumerable.Range(1, 50).Select(i => (long)i));
        Assert.Equal(Enumerable.Range(2, 50).Select(i => (long)i), answers.SelectMany(answer => answer.Positions));
    }

    [Fact]
    public async Task Lanes_that_others_have_filled_end_the_stream_with_when_to_come_again()
    {
        await using var node = await RunningNode.StartAsync(("Journal:WaitingAppends", "1"), ("Journal:CommitLanes", "1"));
        await node.Append(Appends.To(_job, Appends.Started()));
        await using (var held = await HoldAsync(node))
        {
            var committing = node.Append(Appends.To(_job, Appends.Line()));
            await held.HasWaitersAsync(1);
            // One of the two waits in the lane, which is full with it.
            var refused = await Task.WhenAny(
                node.Append(Appends.To(_job, Appends.Line())).ResponseAsync, node.Append(Appends.To(_job, Appends.Line())).ResponseAsync);
            Assert.True(refused.IsFaulted);
            Assert.False(committing.ResponseAsync.IsCompleted);
            using var call = new RecordCall(node);
            await call.SendAsync(Appends.To(_job, Appends.Line()));
            var refusal = await call.FailsAsync();

            Assert.Equal((StatusCode.ResourceExhausted, "TOO_MANY_APPENDS"), (refusal.Code, refusal.Reason));
            Assert.NotNull(refusal.RetryAfter);
        }
    }

    [Fact]
    public async Task A_producer_that_does_not_read_its_answers_is_stopped_and_at_a_shutdown_cut()
    {
        await using var node = await RunningNode.StartAsync();
        var batch = Appends.To(_job, [.. Enumerable.Range(0, 1000).Select(_ => Appends.Line("x"))]);
        batch.Events[0] = Appends.Started();
        foreach (var item in batch.Events)
        {
            item.EventId = Guid.CreateVersion7().ToString();
        }

        await node.Append(batch);
        using var call = new RecordCall(node);
        var sent = 0;
        var flood = FloodAsync();
        await StallsAsync(() => Volatile.Read(ref sent));
        Assert.InRange(sent, 1, 500);

        var since = Stopwatch.StartNew();
        node.App.Lifetime.StopApplication();
        await Assert.ThrowsAnyAsync<Exception>(() => flood);
        Assert.InRange(since.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));

        // The same ids each time: nothing is stored, and the positions are a long answer.
        async Task FloodAsync()
        {
            for (var i = 0; i < 2000; i++)
            {
                await call.SendAsync(batch);
                Interlocked.Increment(ref sent);
            }
        }
    }

    private Task<HeldLogs> HoldAsync(RunningNode node) =>
        HeldLogs.HoldAsync(node.App.Services.GetRequiredService<NpgsqlDataSource>(), new JobKey("local", _job));

    // Forty looks in a row, of 25 ms or more, that find nothing new.
    private static async Task StallsAsync(Func<int> sent)
    {
        var (last, looks) = (0, 0);
        await Eventually.TrueAsync(
            () =>
            {
                var now = sent();
                looks = now == last && now > 0 ? looks + 1 : 0;
                last = now;
                return looks == 40;
            },
            Deadline, "the producer is stopped");
    }
}
