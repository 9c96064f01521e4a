using Jobwatch.Shared;
using Jobwatch.StreamService.Journal;
using Jobwatch.Testing;
using Xunit;

namespace Jobwatch.StreamService.Tests.Live;

/// <summary>A store that has lost events, and taken on others at their positions, is found out by what is still held.</summary>
public sealed class ReplacedStoreTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_page_behind_the_rings_end_is_compared_with_it()
    {
        var store = new ReplacedStore();
        using var room = new LiveRoom(store.ReadAsync);
        using var follower = room.Jobs.Follow(LiveRoom.Log, new Wakeup());
        room.Publish([ModelStore.Event(1), ModelStore.Event(2, "lost")]);
        follower.RaiseHead(2);
        store.Holds(ModelStore.Event(1), ModelStore.Event(2, "new"), ModelStore.Event(3, "new"));

        room.Hint(3);

        await Eventually.TrueAsync(() => follower.FellTo == 1, Patience, "the loss is found");
        follower.MoveTo(3);
        Assert.Null(follower.Peek());
    }

    [Fact]
    public async Task A_commit_after_a_failure_of_the_store_is_compared_with_what_was_before()
    {
        var store = new ReplacedStore();
        using var room = new LiveRoom(store.ReadAsync);
        using var follower = room.Jobs.Follow(LiveRoom.Log, new Wakeup());
        room.Publish([ModelStore.Event(1), ModelStore.Event(2, "lost")]);
        follower.RaiseHead(2);
        room.Failures++;
        store.Holds(ModelStore.Event(1), ModelStore.Event(2, "new"), ModelStore.Event(3, "new"));

        room.Publish([ModelStore.Event(3, "new")]);

        await Eventually.TrueAsync(() => follower.FellTo == 1, Patience, "the loss is found");
        Assert.Null(follower.Peek());
    }

    [Fact]
    public async Task Where_the_rings_end_is_truncated_each_event_is_read_once()
    {
        var store = new ReplacedStore { Size = 1 };
        using var room = new LiveRoom(store.ReadAsync);
        using var follower = room.Jobs.Follow(LiveRoom.Log, new Wakeup());
        room.Publish([ModelStore.Event(1), ModelStore.Event(2)]);
        follower.RaiseHead(4);
        store.Holds(ModelStore.Event(3), ModelStore.Event(4));

        follower.MoveTo(3);
        Assert.True(await follower.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Equal([3], follower.Page.Select(frame => frame.Position));
    }

    [Fact]
    public void A_commit_after_a_failure_that_is_another_than_is_held_says_so_at_once()
    {
        var store = new ReplacedStore();
        using var room = new LiveRoom(store.ReadAsync);
        using var follower = room.Jobs.Follow(LiveRoom.Log, new Wakeup());
        room.Publish([ModelStore.Event(1), ModelStore.Event(2, "lost"), ModelStore.Event(3, "lost")]);
        room.Failures++;

        room.Publish([ModelStore.Event(2, "new")]);

        Assert.Equal(1, follower.FellTo);
    }

    [Fact]
    public async Task What_follows_an_event_that_fills_a_page_alone_is_read()
    {
        var store = new ReplacedStore { Size = 1 };
        using var room = new LiveRoom(store.ReadAsync);
        using var follower = room.Jobs.Follow(LiveRoom.Log, new Wakeup());
        room.Publish([ModelStore.Event(1)]);
        follower.RaiseHead(1);
        store.Holds(ModelStore.Event(1), ModelStore.Event(2));

        room.Hint(2);

        await Eventually.TrueAsync(() => room.Jobs.All.Single().Find(2) is not null, Patience, "the hint is followed");
    }

    [Fact]
    public async Task A_failure_of_a_store_that_lost_nothing_changes_nothing()
    {
        var store = new ReplacedStore();
        using var room = new LiveRoom(store.ReadAsync);
        using var follower = room.Jobs.Follow(LiveRoom.Log, new Wakeup());
        room.Publish([ModelStore.Event(1), ModelStore.Event(2)]);
        follower.RaiseHead(2);
        room.Failures++;
        store.Holds(ModelStore.Event(1), ModelStore.Event(2), ModelStore.Event(3));

        room.Publish([ModelStore.Event(3)]);
        // The comparison is not waited for: of what was before, and of this.
        Assert.Equal(3, follower.Head);
        await Eventually.TrueAsync(() => store.Reads == 2, Patience, "both are looked up");
        room.Publish([ModelStore.Event(4)]);

        Assert.Equal([1, 2, 3, 4], Enumerable.Range(1, 4).Select(position => room.Jobs.All.Single().Find(position)?.Position ?? 0));
        Assert.Null(follower.FellTo);
        Assert.Equal(2, store.Reads);
    }

    [Fact]
    public async Task What_the_ring_has_let_go_of_is_compared_too()
    {
        var store = new ReplacedStore();
        using var room = new LiveRoom(store.ReadAsync);
        using var follower = room.Jobs.Follow(LiveRoom.Log, new Wakeup());
        room.Publish([ModelStore.Event(1), ModelStore.Event(2, "lost")]);
        follower.RaiseHead(2);
        room.Failures++;
        store.Holds(ModelStore.Event(1), ModelStore.Event(2, "new"), ModelStore.Event(3, "new"), ModelStore.Event(4, "new"));

        // Another node's commit lies between, so the ring starts anew.
        room.Publish([ModelStore.Event(4, "new")]);

        await Eventually.TrueAsync(() => follower.FellTo == 1, Patience, "the loss is found");
    }

    [Fact]
    public async Task What_an_idle_log_has_let_go_of_is_compared_too()
    {
        var store = new ReplacedStore();
        using var room = new LiveRoom(store.ReadAsync);
        using var follower = room.Jobs.Follow(LiveRoom.Log, new Wakeup());
        room.Publish([ModelStore.Event(1), ModelStore.Event(2, "lost")]);
        follower.RaiseHead(2);
        room.Failures++;
        var job = room.Jobs.All.Single();
        while (job.Find(2) is not null)
        {
            job.Tidy();
        }

        store.Holds(ModelStore.Event(1), ModelStore.Event(2, "new"), ModelStore.Event(3, "new"));
        room.Publish([ModelStore.Event(3, "new")]);

        await Eventually.TrueAsync(() => follower.FellTo == 1, Patience, "the loss is found");
    }

    [Fact]
    public async Task A_comparison_that_fails_is_made_again_with_the_same_event()
    {
        var store = new ReplacedStore { Refuses = true };
        using var room = new LiveRoom(store.ReadAsync);
        using var follower = room.Jobs.Follow(LiveRoom.Log, new Wakeup());
        room.Publish([ModelStore.Event(1), ModelStore.Event(2, "lost")]);
        follower.RaiseHead(2);
        room.Failures++;
        store.Holds(ModelStore.Event(1), ModelStore.Event(2, "new"), ModelStore.Event(3, "new"), ModelStore.Event(4, "new"));
        room.Publish([ModelStore.Event(3, "new")]);
        await Eventually.TrueAsync(() => store.Tries == 1, Patience, "it is tried");
        Assert.Null(follower.FellTo);

        store.Refuses = false;
        await SweptUntilAsync(room, () => follower.FellTo == 1);
    }

    [Fact]
    public async Task An_answer_from_before_another_failure_is_not_believed()
    {
        var store = new ReplacedStore();
        using var room = new LiveRoom(store.ReadAsync);
        using var follower = room.Jobs.Follow(LiveRoom.Log, new Wakeup());
        room.Publish([ModelStore.Event(1), ModelStore.Event(2, "lost")]);
        follower.RaiseHead(2);
        room.Failures++;
        store.Holds(ModelStore.Event(1), ModelStore.Event(2, "lost"));
        store.Answered = () =>
        {
            store.Answered = null;
            room.Failures++;
            store.Holds(ModelStore.Event(1), ModelStore.Event(2, "new"), ModelStore.Event(3, "new"));
            room.Publish([ModelStore.Event(3, "new")]);
        };

        room.Publish([ModelStore.Event(2, "lost")]);

        await SweptUntilAsync(room, () => follower.FellTo == 1);
    }

    [Fact]
    public async Task A_store_that_fails_all_the_time_is_asked_once_a_sweep()
    {
        var store = new ReplacedStore();
        using var room = new LiveRoom(store.ReadAsync);
        using var follower = room.Jobs.Follow(LiveRoom.Log, new Wakeup());
        room.Publish([ModelStore.Event(1)]);
        follower.RaiseHead(1);
        store.Holds(ModelStore.Event(1));
        store.Answered = () => room.Failures++;
        room.Failures++;

        room.Publish([ModelStore.Event(1)]);
        var sweeps = 0;
        await SweptUntilAsync(room, () => ++sweeps > 0 && store.Reads >= 5);

        // By the commit, and by each sweep.
        Assert.InRange(store.Reads, 5, 1 + sweeps);
        Assert.Null(follower.FellTo);
    }

    [Fact]
    public async Task A_page_is_compared_with_the_rings_end_of_when_it_was_asked_for()
    {
        var store = new ReplacedStore();
        using var room = new LiveRoom(store.ReadAsync);
        using var follower = room.Jobs.Follow(LiveRoom.Log, new Wakeup());
        room.Publish([ModelStore.Event(1), ModelStore.Event(2, "lost")]);
        follower.RaiseHead(2);
        store.Holds(ModelStore.Event(1), ModelStore.Event(2, "new"), ModelStore.Event(3, "new"), ModelStore.Event(4, "new"));
        store.Answered = () =>
        {
            store.Answered = null;
            room.Publish([ModelStore.Event(4, "new")]);
        };

        room.Hint(3);

        await Eventually.TrueAsync(() => follower.FellTo == 1, Patience, "the loss is found");
    }

    [Fact]
    public async Task An_answer_without_the_event_is_no_answer_yet()
    {
        var store = new ReplacedStore();
        using var room = new LiveRoom(store.ReadAsync);
        using var follower = room.Jobs.Follow(LiveRoom.Log, new Wakeup());
        using var slow = room.Jobs.Follow(LiveRoom.Log, new Wakeup());
        follower.RaiseHead(3);
        room.Publish([ModelStore.Event(3), ModelStore.Event(4, "lost")]);
        room.Failures++;
        store.Holds(ModelStore.Event(1), ModelStore.Event(2), ModelStore.Event(3));
        // A page of the new store brings the failure to light while its head is still below.
        slow.MoveTo(1);
        Assert.True(await slow.ReadAsync(TestContext.Current.CancellationToken));
        await Eventually.TrueAsync(() => store.Reads == 2, Patience, "the ring's end is looked up");

        store.Holds(ModelStore.Event(3), ModelStore.Event(4, "new"), ModelStore.Event(5, "new"));
        room.Publish([ModelStore.Event(5, "new")]);

        await SweptUntilAsync(room, () => follower.FellTo == 3);
    }

    [Fact]
    public async Task What_a_page_brings_that_was_asked_for_before_a_failure_is_compared_too()
    {
        var store = new ReplacedStore();
        using var room = new LiveRoom(store.ReadAsync);
        using var follower = room.Jobs.Follow(LiveRoom.Log, new Wakeup());
        room.Publish([ModelStore.Event(1)]);
        follower.RaiseHead(1);
        store.Holds(ModelStore.Event(1), ModelStore.Event(2), ModelStore.Event(3, "lost"));
        store.Answered = () =>
        {
            store.Answered = null;
            room.Failures++;
            room.Publish([ModelStore.Event(1)]);
            store.Holds(ModelStore.Event(1), ModelStore.Event(2), ModelStore.Event(3, "new"), ModelStore.Event(4, "new"));
        };

        room.Hint(3);
        await Eventually.TrueAsync(() => follower.Head == 3, Patience, "the page is taken in");
        room.Publish([ModelStore.Event(4, "new")]);

        await SweptUntilAsync(room, () => follower.FellTo == 2);
    }

    [Fact]
    public async Task A_commit_from_before_a_failure_that_a_page_has_noticed_is_compared_too()
    {
        var store = new ReplacedStore();
        using var room = new LiveRoom(store.ReadAsync);
        using var follower = room.Jobs.Follow(LiveRoom.Log, new Wakeup());
        using var slow = room.Jobs.Follow(LiveRoom.Log, new Wakeup());
        room.Publish([ModelStore.Event(1)]);
        follower.RaiseHead(1);
        room.Failures++;
        store.Holds(ModelStore.Event(1));
        slow.MoveTo(1);
        Assert.True(await slow.ReadAsync(TestContext.Current.CancellationToken));
        await Eventually.TrueAsync(() => store.Reads == 2, Patience, "the ring's end is looked up");

        room.Publish([ModelStore.Event(2, "lost")], failuresBefore: 0);
        store.Holds(ModelStore.Event(1), ModelStore.Event(2, "new"), ModelStore.Event(3, "new"));
        room.Publish([ModelStore.Event(3, "new")]);

        await SweptUntilAsync(room, () => follower.FellTo == 1);
    }

    [Fact]
    public void Of_two_heads_that_a_log_fell_to_the_lower_one_counts()
    {
        using var room = new LiveRoom(new ReplacedStore().ReadAsync);
        using var follower = room.Jobs.Follow(LiveRoom.Log, new Wakeup());
        var job = room.Jobs.All.Single();

        job.FallTo(3);
        job.FallTo(5);

        Assert.Equal(3, follower.FellTo);
    }

    private static Task SweptUntilAsync(LiveRoom room, Func<bool> isThere) => Eventually.TrueAsync(
        () =>
        {
            room.Jobs.All.Single().Tidy();
            return isThere();
        },
        Patience,
        "a sweep finds it");

    // One that took another's place.
    private sealed class ReplacedStore
    {
        private StoredEvent[] _events = [];

        public int Size { get; init; } = 1000;

        public int Tries { get; private set; }

        public int Reads { get; private set; }

        public bool Refuses { get; set; }

        /// <summary>Called once the answer is known and before it is given.</summary>
        public Action? Answered { get; set; }

        public void Holds(params StoredEvent[] events) => _events = events;

        public Task<EventPage> ReadAsync(JobLog log, long after, int maxEvents, int maxBytes, CancellationToken cancellation)
        {
            Tries++;
            if (Refuses)
            {
                throw new StoreUnavailableException("It is away.");
            }

            Reads++;
            var rest = _events.Where(stored => stored.Position > after).ToList();
            var size = Math.Min(Size, maxEvents);
            Answered?.Invoke();
            return Task.FromResult(new EventPage([.. rest.Take(size)], rest.Count <= size));
        }
    }
}
