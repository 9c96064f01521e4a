using Jobwatch.Shared;
using Xunit;

namespace Jobwatch.StreamService.Tests.Live;

/// <summary>Another node commits all of it; its hints come when they like.</summary>
public sealed class HintedJoinPropertyTests
{
    private const int Cases = 100;
    private const int Events = 300;
    private const int Watchers = 4;

    [Fact]
    public async Task Hints_that_are_lost_doubled_or_reordered_lose_nothing_as_long_as_something_comes_at_last()
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            try
            {
                await RunAsync(seed).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"Seed {seed} fails.", error);
            }
        }
    }

    private static async Task RunAsync(int seed)
    {
        var random = new Random(seed);
        var store = new ModelStore(seed);
        using var room = new LiveRoom(store.ReadAsync, ringEvents: random.Next(1, 40), ringBytes: random.Next(30, 2000));
        var watchers = Enumerable.Range(0, Watchers).Select(_ => Task.Run(() => WatchAsync(room, store))).ToList();
        var held = new List<long>();
        while (store.Head < Events)
        {
            store.Commit((int)Math.Min(random.Next(1, 8), Events - store.Head));
            held.AddRange(Enumerable.Repeat(store.Head, random.Next(3)));
            for (var i = random.Next(3); i > 0 && held.Count > 0; i--)
            {
                var next = random.Next(held.Count);
                room.Hint(held[next]);
                held.RemoveAt(next);
            }

            if (random.Next(3) == 0)
            {
                await Task.Yield();
            }
        }

        // The sweep comes once, when all is done.
        foreach (var job in room.Jobs.All)
        {
            job.RaiseHead(store.Head);
        }

        foreach (var seen in await Task.WhenAll(watchers))
        {
            Assert.Equal(Enumerable.Range(1, Events).Select(position => (long)position), seen);
        }
    }

    private static async Task<IReadOnlyList<long>> WatchAsync(LiveRoom room, ModelStore store)
    {
        var seen = new List<long>();
        var wakeup = new Wakeup();
        var before = store.Head;
        using var follower = room.Jobs.Follow(LiveRoom.Log, wakeup);
        follower.RaiseHead(follower.HeadIsSure ? before : store.Head);
        while (seen.Count < Events)
        {
            if (follower.Peek() is { } frame)
            {
                seen.Add(frame.Position);
                follower.Advance();
            }
            else if (follower.IsBehind)
            {
                Assert.True(await follower.ReadAsync(CancellationToken.None), "the store has what is behind the head");
            }
            else
            {
                await wakeup.WaitAsync();
            }
        }

        return seen;
    }
}
