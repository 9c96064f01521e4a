using Grpc.Core;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Tests.Hosting;
using Jobwatch.StreamService.Tests.Journal;
using Jobwatch.V1;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace Jobwatch.StreamService.Tests.Recording;

/// <summary>How a stream ends that its producer didn't end, and what is stored of it.</summary>
public sealed class RecordEndTests
{
    private readonly string _job = Appends.NewJob();

    [Fact]
    public async Task Nothing_behind_a_batch_that_the_store_did_not_take_is_stored()
    {
        // The first failure is the last try.
        await using var node = await RunningNode.StartAsync(("Journal:RetryFor", "00:00:00"), RecordCall.ManyLanes);
        await node.Append(Appends.To(_job, Appends.Started()));
        using var call = new RecordCall(node);
        await using (var held = await HoldAsync(node))
        {
            await call.SendAsync(Appends.To(_job, Appends.Line("1")));
            await held.HasWaitersAsync(1);
            await call.SendAsync(Appends.To(_job, Appends.Line("2")));
            await call.SendAsync(new AppendEventsRequest { JobId = _job });
            await call.SendAsync(Appends.To(_job, Appends.Line("3")));
            await call.TakenAsync();
            await held.CutWaitersAsync();
        }

        var failure = await call.FailsAsync();
        Assert.Equal((StatusCode.Unavailable, "STORE_UNAVAILABLE"), (failure.Code, failure.Reason));
        Assert.NotNull(failure.RetryAfter);
        Assert.Equal([2], (await node.Append(Appends.To(_job, Appends.Line("next")))).Positions);
    }

    [Fact]
    public async Task A_draining_node_answers_what_it_has_taken_and_sends_the_rest_elsewhere()
    {
        await using var node = await RunningNode.StartAsync(RecordCall.ManyLanes);
        await node.Append(Appends.To(_job, Appends.Started()));
        using var call = new RecordCall(node);
        using var idle = new RecordCall(node);
        await idle.SendAsync(Appends.To(Appends.NewJob(), Appends.Started()));
        await idle.AppendedAsync(1);
        IReadOnlyList<long> taken;
        await using (var held = await HoldAsync(node))
        {
            await call.SendAsync(Appends.To(_job, Appends.Line("1")));
            await held.HasWaitersAsync(1);
            await call.SendAsync(Appends.To(_job, Appends.Line("2")));
            taken = await call.TakenAsync();

            // The word alone: who waits for it would close the connections next.
            node.App.Lifetime.StopApplication();
            IsSentElsewhere(await idle.FailsAsync());
            await call.SendAsync(Appends.To(_job, Appends.Line("late")));
        }

        await call.AppendedAsync(taken);
        IsSentElsewhere(await call.FailsAsync());
        Assert.Equal(3, (await node.Journal.FindJobAsync(new JobKey("local", _job), TestContext.Current.CancellationToken))!.Head);

        static void IsSentElsewhere(Errors.Refusal refusal)
        {
            Assert.Equal((StatusCode.Unavailable, "DRAINING"), (refusal.Code, refusal.Reason));
            Assert.InRange(refusal.RetryAfter!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task A_producer_that_leaves_ends_its_stream()
    {
        await using var node = await RunningNode.StartAsync(RecordCall.ManyLanes);
        await node.Append(Appends.To(_job, Appends.Started()));
        await using (var held = await HoldAsync(node))
        {
            using (var call = new RecordCall(node))
            {
                await call.SendAsync(Appends.To(_job, Appends.Line("1")));
                await held.HasWaitersAsync(1);
                await call.SendAsync(Appends.To(_job, Appends.Line("2")));
                await call.TakenAsync();
            }
        }

        // What its commit had begun with stays; what waited behind may go either way, but never come alone.
        await node.Append(Appends.To(_job, Appends.Line("next")));
        var texts = (await node.ListEvents(new ListEventsRequest { JobId = _job })).Events.Skip(1).Select(line => line.LogWritten.Text).ToArray();
        Assert.True(string.Join(' ', texts) is "next" or "1 next" or "1 2 next", string.Join(' ', texts));
    }

    private Task<HeldLogs> HoldAsync(RunningNode node) =>
        HeldLogs.HoldAsync(node.App.Services.GetRequiredService<NpgsqlDataSource>(), new JobKey("local", _job));
}
