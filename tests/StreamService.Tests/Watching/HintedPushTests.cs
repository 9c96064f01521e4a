using Jobwatch.StreamService.Hints;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Tests.Journal;
using Jobwatch.V1;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static Jobwatch.StreamService.Tests.Journal.Batches;
using Message = Jobwatch.V1.WatchJobResponse.MessageOneofCase;

namespace Jobwatch.StreamService.Tests.Watching;

/// <summary>Another node commits, and the clock stands still: no sweep comes by itself.</summary>
public sealed class HintedPushTests : IAsyncLifetime
{
    private NodeUnderTest _node = null!;
    private JournalUnderTest _another = null!;

    private HintFeed Hints => _node.Services.GetRequiredService<HintFeed>();

    private HintChannels Channels => _node.Services.GetRequiredService<HintChannels>();

    public async ValueTask InitializeAsync()
    {
        _node = await NodeUnderTest.StartAsync();
        _another = await JournalUnderTest.StartAsync(_node.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await _another.DisposeAsync();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task A_hint_brings_what_was_committed()
    {
        using var watch = await WatchAsync();
        var outcome = Assert.IsType<AppendOutcome.Appended>(await _another.AppendAsync(LedgerEu, null, Logged("e"), Logged("e")));
        Hints.Hear(new Hint(LedgerEu, outcome.Log.Incarnation, 3, MadeJob: false));
        Assert.Equal([2, 3], await watch.PositionsAsync(2));
    }

    [Fact]
    public async Task What_was_committed_before_a_channel_was_heard_is_looked_for_at_once()
    {
        using var watch = await WatchAsync();
        await _another.AppendAsync(LedgerEu, null, Logged("e"));
        Hints.Listen([Channels.Of(LedgerEu)]);
        Assert.Equal([2], await watch.PositionsAsync(1));

        await _another.AppendAsync(LedgerEu, null, Logged("e"));
        Hints.Listen(null);
        Assert.Equal([3], await watch.PositionsAsync(1));
    }

    [Fact]
    public async Task Only_the_jobs_of_the_channels_that_begin_to_be_heard_are_looked_at()
    {
        var other = Enumerable.Range(0, 1000).Select(i => new JobKey("local", $"job-{i}")).First(job => Channels.Of(job) != Channels.Of(LedgerEu));
        await _node.AppendAsync(other, Started("e"));
        using var watch = await WatchAsync();
        using var others = _node.Watch(new WatchJobRequest { JobId = other.JobId });
        await others.UntilAsync(Message.CaughtUp);
        await _another.AppendAsync(LedgerEu, null, Logged("e"));
        await _another.AppendAsync(other, null, Logged("e"));
        Hints.Listen([Channels.Of(LedgerEu)]);
        Assert.Equal([2], await watch.PositionsAsync(1));
        Assert.Equal(1, _node.Live.All.Single(job => job.Log.Job == other).Head);
    }

    [Fact]
    public async Task A_job_that_is_awaited_is_found_when_its_channel_begins_to_be_heard()
    {
        var job = LedgerEu with { JobId = "awaited" };
        using var watch = _node.Watch(new WatchJobRequest { JobId = job.JobId, AllowMissing = true, Start = new WatchStart { Beginning = true } });
        await watch.UntilAsync(Message.CaughtUp);
        await Jobwatch.Testing.Eventually.TrueAsync(() => _node.Missing.All.Count == 1, TimeSpan.FromSeconds(30), "it is awaited");
        await _another.AppendAsync(job, null, Started("e"));
        Hints.Listen([Channels.Of(job)]);
        Assert.Equal([1], await watch.PositionsAsync(1));
    }

    private async Task<WatchSession> WatchAsync()
    {
        await _node.AppendAsync(LedgerEu, Started("e"));
        var watch = _node.Watch(new WatchJobRequest { JobId = "ledger-eu" });
        await watch.UntilAsync(Message.CaughtUp);
        return watch;
    }
}
