using Jobwatch.Shared;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Live;
using Xunit;

namespace Jobwatch.StreamService.Tests.Live;

/// <summary>What a job does with what other nodes say of it.</summary>
public sealed class HintedReadsTests
{
    private const int Watchers = 100;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_hint_costs_one_read_however_many_watch_and_however_often_it_comes()
    {
        // One event more than the last that is held: that one is in the page too.
        var store = new ModelStore(seed: 1) { LeastPage = 2 };
        using var room = new LiveRoom(store.ReadAsync);
        var watchers = Enumerable.Range(0, Watchers).Select(_ => new Wakeup())
            .Select(wakeup => (Wakeup: wakeup, Follower: room.Jobs.Follow(LiveRoom.Log, wakeup))).ToList();
        watchers.ForEach(watcher => watcher.Follower.RaiseHead(0));
        for (var head = 1; head <= 20; head++)
        {
            store.Commit(1);
            var seen = watchers.Select(watcher => SeeAsync(watcher.Wakeup, watcher.Follower)).ToList();
            room.Hint(head);
            room.Hint(head);
            room.Hint(head - 1);
            var positions = await Task.WhenAll(seen).WaitAsync(Deadline, TestContext.Current.CancellationToken);
            room.Hint(head);

            Assert.All(positions, position => Assert.Equal(head, position));
            Assert.Equal(head, store.Reads);
        }

        watchers.ForEach(watcher => watcher.Follower.Dispose());

        // From the ring: a watcher never has to read by itself.
        static async Task<long> SeeAsync(Wakeup wakeup, LogFollower follower)
        {
            while (follower.Peek() is null)
            {
                Assert.False(follower.IsBehind);
                await wakeup.WaitAsync();
            }

            follower.Advance();
            return follower.Next - 1;
        }
    }

    [Fact]
    public async Task A_hint_before_the_head_is_known_reads_no_history_and_is_not_forgotten()
    {
        var store = new ModelStore(seed: 2);
        store.Commit(1000);
        using var room = new LiveRoom(store.ReadAsync);
        var wakeup = new Wakeup();
        using var follower = room.Jobs.Follow(LiveRoom.Log, wakeup);
        store.Commit(1);
        room.Hint(1001);
        Assert.False(follower.HeadIsSure);
        Assert.Equal(0, follower.Head);
        Assert.Equal(0, store.Reads);

        follower.RaiseHead(1000);
        follower.MoveTo(1001);
        Assert.True(follower.HeadIsSure);
        while (follower.Peek() is null)
        {
            await wakeup.WaitAsync().AsTask().WaitAsync(Deadline, TestContext.Current.CancellationToken);
        }

        Assert.Equal(1, store.Reads);
    }

    [Fact]
    public async Task A_hint_of_more_than_the_store_has_is_believed_by_nobody()
    {
        var store = new ModelStore(seed: 3);
        store.Commit(5);
        var read = new TaskCompletionSource();
        using var room = new LiveRoom(async (log, after, maxEvents, maxBytes, cancellation) =>
        {
            var page = await store.ReadAsync(log, after, maxEvents, maxBytes, cancellation);
            read.TrySetResult();
            return page;
        });
        var wakeup = new Wakeup();
        using var follower = room.Jobs.Follow(LiveRoom.Log, wakeup);
        follower.RaiseHead(5);
        follower.MoveTo(6);
        room.Hint(900);
        await read.Task.WaitAsync(Deadline, TestContext.Current.CancellationToken);
        Assert.Equal(5, follower.Head);
        Assert.False(follower.IsBehind);

        // And the next true one is heard.
        store.Commit(1);
        await Jobwatch.Testing.Eventually.TrueAsync(
            () =>
            {
                room.Hint(6);
                return follower.Peek() is not null;
            },
            Deadline,
            "the hint is heard");
        Assert.Equal(6, follower.Head);
    }

    [Fact]
    public async Task A_read_that_fails_leaves_the_job_able_to_hear()
    {
        var store = new ModelStore(seed: 4);
        var isAway = true;
        using var room = new LiveRoom((log, after, maxEvents, maxBytes, cancellation) =>
            isAway ? throw new StoreUnavailableException("It is away.", new IOException()) : store.ReadAsync(log, after, maxEvents, maxBytes, cancellation));
        var wakeup = new Wakeup();
        using var follower = room.Jobs.Follow(LiveRoom.Log, wakeup);
        follower.RaiseHead(0);
        store.Commit(1);
        room.Hint(1);
        isAway = false;
        store.Commit(1);
        await Jobwatch.Testing.Eventually.TrueAsync(
            () =>
            {
                room.Hint(2);
                return follower.Peek() is not null;
            },
            Deadline,
            "the hint is heard");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_one_watchers_page_finds_behind_the_known_head_wakes_the_others(bool isHintedLater)
    {
        var store = new ModelStore(seed: 5);
        store.Commit(10);
        using var room = new LiveRoom((_, after, _, _, _) => store.ReadWholeAsync(after));
        var (live, late) = (new Wakeup(), new Wakeup());
        using var follower = room.Jobs.Follow(LiveRoom.Log, live);
        follower.RaiseHead(10);
        follower.MoveTo(11);
        using var other = room.Jobs.Follow(LiveRoom.Log, late);
        other.MoveTo(10);
        // Those wake-ups were for the head.
        await live.WaitAsync().AsTask().WaitAsync(Deadline, TestContext.Current.CancellationToken);
        Assert.Null(follower.Peek());

        store.Commit(1);
        Assert.True(await other.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Equal([10, 11], other.Page.Select(frame => frame.Position));
        if (isHintedLater)
        {
            room.Hint(11);
        }
        else
        {
            follower.RaiseHead(11);
        }

        await live.WaitAsync().AsTask().WaitAsync(Deadline, TestContext.Current.CancellationToken);
        Assert.Equal(11, follower.Peek()!.Position);
    }

    [Fact]
    public async Task A_watcher_of_a_missing_job_is_woken_by_another_nodes_hint()
    {
        using var room = new LiveRoom((_, _, _, _, _) => throw new InvalidOperationException("No page was to be read."));
        var wakeup = new Wakeup();
        using var job = room.Missing.Await(LiveRoom.Log.Job, wakeup);
        Assert.Equal(1, room.Interest.Count);
        room.Hint(1);
        await wakeup.WaitAsync().AsTask().WaitAsync(Deadline, TestContext.Current.CancellationToken);

        Assert.True(job.HasAppeared);
        job.Dispose();
        job.Dispose();
        Assert.Equal(0, room.Interest.Count);
    }

    [Fact]
    public void A_node_is_interested_in_the_jobs_that_it_has_watchers_of()
    {
        using var room = new LiveRoom((_, _, _, _, _) => throw new InvalidOperationException("No page was to be read."));
        var first = room.Jobs.Follow(LiveRoom.Log, new Wakeup());
        var second = room.Jobs.Follow(LiveRoom.Log, new Wakeup());
        var other = room.Jobs.Follow(new JobLog(new JobKey("local", "other"), 7), new Wakeup());
        Assert.Equal(2, room.Interest.Count);

        first.Dispose();
        Assert.Equal(2, room.Interest.Count);
        second.Dispose();
        other.Dispose();
        Assert.Equal(0, room.Interest.Count);
    }

    [Fact]
    public void Jobs_that_are_made_here_or_elsewhere_are_told_to_those_who_watch_the_tenant()
    {
        using var room = new LiveRoom((_, _, _, _, _) => throw new InvalidOperationException("No page was to be read."));
        var jobs = new NewJobs(room.Feed, room.Hints, room.Interest);
        var told = new List<JobKey>();
        var watch = jobs.Listen("local", told.Add);
        using var others = jobs.Listen("other", _ => Assert.Fail("It is of another tenant."));
        room.Publish([ModelStore.Event(1), ModelStore.Event(2)]);
        room.Publish([ModelStore.Event(3)]);
        room.Hints.Hear(new(new JobKey("local", "elsewhere"), 5, 3, MadeJob: true));
        room.Hints.Hear(new(new JobKey("local", "elsewhere"), 5, 4, MadeJob: false));
        Assert.Equal([LiveRoom.Log.Job, new JobKey("local", "elsewhere")], told);
        Assert.Equal(2, room.Interest.Count);

        watch.Dispose();
        watch.Dispose();
        room.Hints.Hear(new(new JobKey("local", "later"), 6, 1, MadeJob: true));
        Assert.Equal(2, told.Count);
        Assert.Equal(1, room.Interest.Count);
    }
}
