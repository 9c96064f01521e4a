using Jobwatch.Shared;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Live;
using Xunit;

namespace Jobwatch.StreamService.Tests.Live;

/// <summary>A watcher of history has the next page read while it is given the one before, and no more than that.</summary>
public sealed class PagesAheadTests : IDisposable
{
    private const int Head = 40;
    private const int Page = 10;

    private readonly List<(long After, int MaxEvents)> _reads = [];
    private readonly SemaphoreSlim _asked = new(0);
    private int _eventBytes = 100;

    public void Dispose() => _asked.Dispose();

    [Fact]
    public async Task The_next_page_is_asked_for_at_half_of_the_one_before()
    {
        using var room = new LiveRoom(ReadAsync, ringEvents: 1);
        using var follower = await CatchingUpAsync(room);
        Pass(follower, (Page / 2) - 1);
        Assert.Equal([0], _reads.Select(read => read.After));

        Pass(follower, 1);
        await AskedAsync();
        Assert.Equal([0, Page], _reads.Select(read => read.After));
        Pass(follower, Page / 2);
        Assert.Null(follower.Peek());
        Assert.True(await follower.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Equal([0, Page], _reads.Select(read => read.After));
        Assert.Equal(Page + 1, follower.Peek()?.Position);
    }

    [Fact]
    public async Task A_watcher_that_stands_still_has_one_page_and_the_next()
    {
        using var room = new LiveRoom(ReadAsync, ringEvents: 1);
        using var follower = await CatchingUpAsync(room);
        Pass(follower, Page - 1);
        await AskedAsync();

        Assert.Equal(2, _reads.Count);
    }

    [Fact]
    public async Task Nothing_is_asked_for_behind_the_head()
    {
        using var room = new LiveRoom(ReadAsync, ringEvents: 1);
        using var follower = await CatchingUpAsync(room, from: Head - Page + 1);
        Pass(follower, Page);

        Assert.Equal([Head - Page], _reads.Select(read => read.After));
    }

    [Fact]
    public async Task A_page_that_was_asked_for_in_vain_is_not_taken_for_another()
    {
        using var room = new LiveRoom(ReadAsync, ringEvents: 1);
        using var follower = await CatchingUpAsync(room);
        Pass(follower, Page / 2);
        follower.MoveTo(31);

        Assert.True(await follower.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Equal(31, follower.Peek()?.Position);
    }

    [Fact]
    public async Task No_more_events_are_asked_for_than_a_page_has_room_for()
    {
        _eventBytes = 10_000;
        using var room = new LiveRoom(ReadAsync, ringEvents: 1);
        using var follower = await CatchingUpAsync(room);
        Pass(follower, Page);
        Assert.True(await follower.ReadAsync(TestContext.Current.CancellationToken));

        // The weight of an event was not known before the first page.
        Assert.InRange(_reads[^1].MaxEvents * _eventBytes, JournalReader.DefaultPageBytes / 2, JournalReader.DefaultPageBytes);
        Assert.True(_reads[0].MaxEvents > _reads[^1].MaxEvents);
    }

    private static void Pass(LogFollower follower, int count)
    {
        for (; count > 0; count--)
        {
            Assert.NotNull(follower.Peek());
            follower.Advance();
        }
    }

    // The page that the watcher began with, and one more.
    private async Task AskedAsync()
    {
        for (var read = 0; read < 2; read++)
        {
            Assert.True(await _asked.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        }
    }

    private static async Task<LogFollower> CatchingUpAsync(LiveRoom room, long from = 1)
    {
        var follower = room.Jobs.Follow(LiveRoom.Log, new Wakeup());
        follower.RaiseHead(Head);
        follower.MoveTo(from);
        Assert.True(await follower.ReadAsync(TestContext.Current.CancellationToken));
        return follower;
    }

    private Task<EventPage> ReadAsync(JobLog log, long after, int maxEvents, int maxBytes, CancellationToken cancellation)
    {
        lock (_reads)
        {
            _reads.Add((after, maxEvents));
        }

        _asked.Release();

        var events = Enumerable.Range((int)after + 1, (int)Math.Min(Page, Head - after))
            .Select(position => ModelStore.Event(position, new string('x', _eventBytes))).ToList();
        return Task.FromResult(new EventPage(events, after + events.Count == Head));
    }
}
