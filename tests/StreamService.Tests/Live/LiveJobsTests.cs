using Jobwatch.Shared;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Live;
using Xunit;

namespace Jobwatch.StreamService.Tests.Live;

public sealed class LiveJobsTests
{
    [Fact]
    public void A_job_is_kept_for_as_long_as_somebody_watches_it()
    {
        using var room = Room();
        var first = room.Jobs.Follow(LiveRoom.Log, new Wakeup());
        var second = room.Jobs.Follow(LiveRoom.Log, new Wakeup());

        first.Dispose();
        Assert.Single(room.Jobs.All);
        second.Dispose();
        Assert.Empty(room.Jobs.All);
    }

    [Fact]
    public async Task Coming_and_leaving_at_the_same_time_never_leaves_a_watcher_with_a_job_that_hears_nothing()
    {
        using var room = Room();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                using var follower = room.Jobs.Follow(LiveRoom.Log, new Wakeup());
                room.Publish([ModelStore.Event(5)]);
                Assert.True(follower.Head == 5, "a commit after the subscription is heard of");
            }
        })));
        Assert.Empty(room.Jobs.All);
    }

    [Fact]
    public async Task A_commit_wakes_all_who_wait_for_its_job_and_nobody_else()
    {
        using var room = Room();
        var other = LiveRoom.Log with { Incarnation = 43 };
        var wakeups = Enumerable.Range(0, 100).Select(_ => new Wakeup()).ToList();
        var stranger = new Wakeup();
        var followers = wakeups.Select(wakeup => room.Jobs.Follow(LiveRoom.Log, wakeup)).ToList();
        using var strangers = room.Jobs.Follow(other, stranger);
        var waits = wakeups.Select(wakeup => wakeup.WaitAsync().AsTask()).ToList();
        var strangersWait = stranger.WaitAsync().AsTask();
        room.Publish([ModelStore.Event(1)]);

        await Task.WhenAll(waits).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.False(strangersWait.IsCompleted);
        Assert.All(followers, follower => Assert.Equal(1, follower.Peek()?.Position));
        Assert.Single(followers.Select(follower => follower.Peek()).Distinct());
        stranger.Signal();
        await strangersWait;
        followers.ForEach(follower => follower.Dispose());
    }

    [Fact]
    public async Task A_commit_while_others_are_just_being_woken_wakes_too()
    {
        const int Rounds = 50;
        using var room = Room();
        var watchers = Enumerable.Range(0, 5000).Select(_ => new Wakeup())
            .Select(wakeup => (Wakeup: wakeup, Follower: room.Jobs.Follow(LiveRoom.Log, wakeup))).ToList();
        var asleepAgain = 0L;
        for (var last = 2; last <= 2 * Rounds; last += 2)
        {
            var heard = watchers.Select(watcher => HearAsync(watcher.Wakeup, watcher.Follower, last)).ToList();
            // A thread of its own: those of the pool are for who wakes and who is woken.
            var second = last;
            var publisher = new Thread(() =>
            {
                room.Publish([ModelStore.Event(second - 1)]);
                // The first one that was woken sleeps again while the others are still being woken.
                while (Interlocked.Read(ref asleepAgain) != second - 1)
                {
                    Thread.Yield();
                }

                room.Publish([ModelStore.Event(second)]);
            });
            publisher.IsBackground = true;
            publisher.Start();
            await Task.WhenAll(heard).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }

        watchers.ForEach(watcher => watcher.Follower.Dispose());

        async Task HearAsync(Wakeup wakeup, LogFollower follower, long last)
        {
            while (follower.Head < last)
            {
                var sleep = wakeup.WaitAsync();
                if (follower.Head == last - 1)
                {
                    Interlocked.Exchange(ref asleepAgain, last - 1);
                }

                await sleep;
            }
        }
    }

    [Fact]
    public async Task Watchers_that_miss_the_same_page_share_one_read()
    {
        var store = new ModelStore(seed: 1);
        var release = new TaskCompletionSource();
        using var room = new LiveRoom(async (log, after, maxEvents, maxBytes, cancellation) =>
        {
            await release.Task;
            return await store.ReadAsync(log, after, maxEvents, maxBytes, cancellation);
        });
        store.Commit(1);
        var followers = Enumerable.Range(0, 50).Select(_ => room.Jobs.Follow(LiveRoom.Log, new Wakeup())).ToList();
        followers[0].RaiseHead(1);
        var reads = followers.Select(follower => follower.ReadAsync(CancellationToken.None)).ToList();
        release.SetResult();
        await Task.WhenAll(reads);

        Assert.Equal(1, store.Reads);
        using var late = room.Jobs.Follow(LiveRoom.Log, new Wakeup());
        Assert.Equal(1, late.Peek()?.Position);
        followers.ForEach(follower => follower.Dispose());
    }

    [Fact]
    public void The_ring_of_a_job_in_which_nothing_happens_is_let_go()
    {
        using var room = Room();
        using var follower = room.Jobs.Follow(LiveRoom.Log, new Wakeup());
        room.Publish([ModelStore.Event(1)]);
        var job = room.Jobs.All.Single();
        Assert.NotNull(follower.Peek());
        for (var i = 0; i < 20; i++)
        {
            job.Tidy();
        }

        Assert.Null(follower.Peek());
        Assert.True(follower.IsBehind);
    }

    [Fact]
    public async Task A_watcher_of_a_missing_job_is_woken_by_its_first_commit()
    {
        using var room = Room();
        var wakeup = new Wakeup();
        using var job = room.Missing.Await(LiveRoom.Log.Job, wakeup);
        using var another = room.Missing.Await(new JobKey("other", "ledger-eu"), new Wakeup());
        room.Publish([ModelStore.Event(1)]);

        await wakeup.WaitAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.True(job.HasAppeared);
        Assert.False(another.HasAppeared);
        job.Dispose();
        another.Dispose();
        Assert.Empty(room.Missing.All);
    }

    [Fact]
    public void Who_comes_after_the_store_fell_back_begins_anew_and_the_others_are_told()
    {
        using var room = Room();
        using var before = room.Jobs.Follow(LiveRoom.Log, new Wakeup());
        room.Publish([ModelStore.Event(1), ModelStore.Event(2)]);
        room.Jobs.FellBack(room.Jobs.All.Single(), 1);
        using var after = room.Jobs.Follow(LiveRoom.Log, new Wakeup());

        Assert.Equal(1, before.FellTo);
        // What is lost is not shown to those who had not come to it.
        Assert.Null(before.Peek());
        Assert.Null(after.FellTo);
        Assert.Equal(0, after.Head);
        Assert.Single(room.Jobs.All);
    }

    [Fact]
    public async Task A_page_at_hand_shows_nothing_that_the_store_may_have_lost()
    {
        using var room = new LiveRoom((_, _, _, _, _) => Task.FromResult(new EventPage([ModelStore.Event(1), ModelStore.Event(2)], true)));
        using var follower = room.Jobs.Follow(LiveRoom.Log, new Wakeup());
        Assert.True(await follower.ReadAsync(TestContext.Current.CancellationToken));
        Assert.NotNull(follower.Peek());

        room.Jobs.FellBack(room.Jobs.All.Single(), 1);

        Assert.Null(follower.Peek());
    }

    [Fact]
    public void Other_events_than_those_that_are_held_say_that_the_store_fell_back()
    {
        using var room = Room();
        using var follower = room.Jobs.Follow(LiveRoom.Log, new Wakeup());
        room.Publish([ModelStore.Event(1), ModelStore.Event(2, "lost"), ModelStore.Event(3, "lost")]);
        room.Publish([ModelStore.Event(2, "lost"), ModelStore.Event(3, "lost")]);
        Assert.Null(follower.FellTo);
        Assert.NotNull(follower.Peek());

        room.Publish([ModelStore.Event(3, "new"), ModelStore.Event(4, "new")]);

        Assert.Equal(2, follower.FellTo);
        room.Publish([ModelStore.Event(5)]);
        Assert.Null(room.Jobs.All.Single().Find(5));
        Assert.Null(follower.Peek());
    }

    private static LiveRoom Room() => new((_, _, _, _, _) => throw new InvalidOperationException("No page was to be read."));
}
