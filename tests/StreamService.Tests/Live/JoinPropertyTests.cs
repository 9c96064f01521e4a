using Jobwatch.Shared;
using Jobwatch.StreamService.Journal;
using Xunit;

namespace Jobwatch.StreamService.Tests.Live;

public sealed class JoinPropertyTests
{
    private const int Cases = 150;
    private const int Events = 300;
    private const int Watchers = 4;

    [Fact]
    public async Task Watchers_that_attach_and_leave_at_random_see_every_position_once_whatever_becomes_of_the_hints()
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
        using var over = new CancellationTokenSource();
        var sweep = Task.Run(() => SweepAsync(room, store, over.Token));
        var watchers = Enumerable.Range(0, Watchers).Select(i => Task.Run(() => WatchAsync(room, store, seed + (i * 1000)))).ToList();
        await Task.Run(() => CommitAsync(room, store, random));

        foreach (var seen in await Task.WhenAll(watchers))
        {
            Assert.Equal(Enumerable.Range(1, Events).Select(position => (long)position), seen);
        }

        await over.CancelAsync();
        await sweep;
        Assert.Empty(room.Jobs.All);
    }

    // Some hints come late and out of order, some never.
    private static async Task CommitAsync(LiveRoom room, ModelStore store, Random random)
    {
        var held = new List<IReadOnlyList<StoredEvent>>();
        while (store.Head < Events)
        {
            var committed = store.Commit((int)Math.Min(random.Next(1, 8), Events - store.Head));
            switch (random.Next(10))
            {
                case 0:
                    break;
                case 1:
                    held.Add(committed);
                    break;
                default:
                    room.Publish(committed);
                    break;
            }

            if (held.Count > 0 && random.Next(4) == 0)
            {
                room.Publish(held[0]);
                held.RemoveAt(0);
            }

            if (random.Next(3) == 0)
            {
                await Task.Yield();
            }
        }
    }

    private static async Task SweepAsync(LiveRoom room, ModelStore store, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            foreach (var job in room.Jobs.All)
            {
                job.RaiseHead(store.Head);
                job.Tidy();
            }

            await Task.Yield();
        }
    }

    private static async Task<IReadOnlyList<long>> WatchAsync(LiveRoom room, ModelStore store, int seed)
    {
        var random = new Random(seed);
        var seen = new List<long>();
        while (seen.Count < Events)
        {
            var wakeup = new Wakeup();
            var before = store.Head;
            using var follower = room.Jobs.Follow(LiveRoom.Log, wakeup);
            follower.RaiseHead(follower.HeadIsSure ? before : store.Head);
            follower.MoveTo(seen.Count + 1);
            for (var rest = random.Next(1, 60); rest > 0 && seen.Count < Events;)
            {
                if (follower.Peek() is { } frame)
                {
                    seen.Add(frame.Position);
                    follower.Advance();
                    rest--;
                    if (random.Next(8) == 0)
                    {
                        await Task.Yield();
                    }
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
        }

        return seen;
    }
}
