using Jobwatch.StreamService.Hints;
using Jobwatch.StreamService.Journal;
using Jobwatch.Testing;
using Xunit;

namespace Jobwatch.StreamService.Tests.Hints;

/// <summary>What both transports promise.</summary>
public abstract class HintExchangeTests : IAsyncLifetime
{
    private protected static readonly JobKey Job = new("local", "ledger-eu");

    private readonly List<LinkedNode> _nodes = [];

    private protected string ConnectionString { get; private set; } = "";

    private protected abstract (string Key, string Value)[] Settings { get; }

    public virtual async ValueTask InitializeAsync() => ConnectionString = await PostgresCluster.Shared.CreateDatabaseAsync();

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_one_node_commits_the_others_hear_and_it_does_not()
    {
        var (one, other) = (await StartAsync(), await StartAsync());
        await one.WatchAsync(Job);
        await other.WatchAsync(Job);
        one.Commit(Job, 7);
        await other.HeardAsync(Job, 7);
        other.Commit(Job, 8);
        await one.HeardAsync(Job, 8);

        Assert.Equal([new Hint(Job, 42, 7, MadeJob: false)], other.Heard);
        Assert.Equal([new Hint(Job, 42, 8, MadeJob: false)], one.Heard);
        Assert.Equal(1, one.Count("hints_received"));
    }

    [Fact]
    public async Task A_node_hears_of_what_it_is_interested_in_and_of_nothing_else()
    {
        var (one, other) = (await StartAsync(), await StartAsync());
        var unwatched = Job with { JobId = "unwatched" };
        await other.WatchAsync(Job);
        one.Commit(unwatched, 1);
        one.Commit(Job, 1);
        await other.HeardAsync(Job, 1);
        Assert.DoesNotContain(other.Heard, hint => hint.Job == unwatched);

        other.Interest.Remove(Job);
        await other.WatchAsync(unwatched);
        one.Commit(Job, 2);
        one.Commit(unwatched, 2);
        await other.HeardAsync(unwatched, 2);
        Assert.DoesNotContain(other.Heard, hint => hint == new Hint(Job, 42, 2, MadeJob: false));
    }

    [Fact]
    public async Task Who_watches_a_tenant_hears_only_of_its_new_jobs()
    {
        var (one, other) = (await StartAsync(), await StartAsync());
        other.Interest.AddTenant("local");
        await LinkedNode.UntilAsync(() => other.Listening.Count == 2, "the tenant's channel is heard");
        var second = Job with { JobId = "second" };
        one.Commit(Job, 2);
        one.Commit(new JobKey("another", "job"), 1);
        one.Commit(second, 1, incarnation: 43);
        await other.HeardAsync(second, 1);

        Assert.Equal([new Hint(second, 43, 1, MadeJob: true)], other.Heard);
    }

    [Fact]
    public async Task Commits_in_quick_succession_go_as_few_hints_and_the_last_one_is_among_them()
    {
        const int Commits = 20_000;
        var (one, other) = (await StartAsync(), await StartAsync());
        await other.WatchAsync(Job);
        for (var position = 1; position <= Commits; position++)
        {
            one.Commit(Job, position);
        }

        await other.HeardAsync(Job, Commits);
        Assert.InRange(one.Count("hints_published"), 1, Commits / 10);
        Assert.Equal(0, one.Count("hints_dropped"));
    }

    [Fact]
    public async Task What_a_node_commits_last_it_tells_before_it_stops()
    {
        var (one, other) = (await StartAsync(), await StartAsync());
        await other.WatchAsync(Job);
        // The first goes at once, the second would wait for more.
        one.Commit(Job, 1);
        await other.HeardAsync(Job, 1);
        one.Commit(Job, 2);
        one.Commit(Job, 3);
        await one.StopAsync();
        await other.HeardAsync(Job, 3);
    }

    private protected async Task<LinkedNode> StartAsync()
    {
        var node = await LinkedNode.StartAsync(ConnectionString, Settings);
        _nodes.Add(node);
        await node.LinkedAsync();
        return node;
    }
}
