using Jobwatch.StreamService.Hints;
using Jobwatch.Testing;
using Xunit;

namespace Jobwatch.StreamService.Tests.Hints;

public sealed class RedisHintsTests : HintExchangeTests
{
    private readonly RedisServer _redis = new();

    private protected override (string Key, string Value)[] Settings => [("Hints:Transport", "Redis"), ("Hints:Redis", _redis.Address)];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await _redis.StartAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task A_redis_that_is_killed_and_comes_back_is_found_and_all_is_looked_at_and_heard_again()
    {
        var (one, other) = (await StartAsync(), await StartAsync());
        await other.WatchAsync(Job);
        await _redis.KillAsync();
        one.Commit(Job, 4);
        await _redis.StartAsync();
        await one.LinkedAsync(times: 2);
        await other.LinkedAsync(times: 2);
        Assert.Equal([0, 1, 0], other.Listening.Take(3).Select(channels => channels.Count));

        one.Commit(Job, 5);
        await other.HeardAsync(Job, 5);
    }

    [Fact]
    public async Task A_redis_that_no_longer_answers_is_noticed()
    {
        var node = await StartAsync();
        _redis.Process.Signal(UnixSignal.SigStop);
        // It has lost its link, but there is nothing to link to.
        await LinkedNode.UntilAsync(() => node.IsUnlinked, "the node knows that it is alone");
        _redis.Process.Signal(UnixSignal.SigCont);
        await node.LinkedAsync(times: 2);
    }

    [Fact]
    public async Task A_node_subscribes_to_the_channels_of_its_jobs_and_to_nothing_else()
    {
        var node = await StartAsync();
        var cancellation = TestContext.Current.CancellationToken;
        Assert.Empty(await _redis.ShardedChannelsAsync(cancellation));
        await node.WatchAsync(Job);
        await node.WatchAsync(Job with { JobId = "second" });
        Assert.Equal(2, (await _redis.ShardedChannelsAsync(cancellation)).Count);

        node.Interest.Remove(Job);
        await Eventually.TrueAsync(
            async asking => (await _redis.ShardedChannelsAsync(asking)).Count == 1, TimeSpan.FromSeconds(30), "a channel that nobody needs is left");
    }

    [Fact]
    public async Task Without_a_link_hints_wait_in_bounded_memory_and_nobody_waits_for_them()
    {
        var node = await StartAsync();
        await _redis.KillAsync();
        await LinkedNode.UntilAsync(() => node.IsUnlinked, "the node knows that it is alone");
        var already = node.Count("hints_published") + node.Count("hints_dropped");
        for (var round = 2; round < 4; round++)
        {
            for (var i = 1; i <= HintOutbox.Capacity + 5; i++)
            {
                node.Commit(Job with { JobId = $"job-{i}" }, round, incarnation: i);
            }
        }

        Assert.Equal(0, already);
        Assert.Equal(10, node.Count("hints_dropped"));
        await _redis.StartAsync();
        await LinkedNode.UntilAsync(() => node.Count("hints_published") == HintOutbox.Capacity, "what waited is sent");
    }
}
