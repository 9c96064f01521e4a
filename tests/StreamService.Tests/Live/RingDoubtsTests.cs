using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Live;
using Jobwatch.Testing;
using Xunit;

namespace Jobwatch.StreamService.Tests.Live;

public sealed class RingDoubtsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task What_could_not_be_answered_is_not_asked_again_by_each_commit()
    {
        var tries = 0;
        var doubts = new RingDoubts(
            LiveRoom.Log, (_, _, _, _, _) => throw new StoreUnavailableException($"It is away, {++tries}."), () => 1, _ => { });
        doubts.Note(new EventFrame(new LogCursors(LiveRoom.Log), ModelStore.Event(1)), since: 0);
        doubts.Settle(isSweep: false);
        await Eventually.TrueAsync(() => tries == 1, Patience, "it is asked");
        for (int commits = 0; commits < 10_000; commits++)
        {
            doubts.Settle(isSweep: false);
            await Task.Yield();
        }

        Assert.Equal(1, tries);
        await Eventually.TrueAsync(
            () =>
            {
                doubts.Settle(isSweep: true);
                return tries >= 2;
            },
            Patience,
            "a sweep asks");
    }

    [Fact]
    public async Task Of_many_failures_the_first_ends_and_the_last_are_looked_up()
    {
        var asked = new List<long>();
        var isDone = new TaskCompletionSource();
        long failures = 0;
        var cursors = new LogCursors(LiveRoom.Log);
        var doubts = new RingDoubts(LiveRoom.Log, AnswerAsync, () => failures, _ => Assert.Fail("Nothing is lost."));
        for (int position = 1; position <= 100; position++)
        {
            doubts.Note(new EventFrame(cursors, ModelStore.Event(position)), failures++);
        }

        doubts.Settle(isSweep: false);
        await isDone.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.Equal([.. Enumerable.Range(1, RingDoubts.MaxFrames - 1), 100], asked.Select(position => (int)position));

        Task<EventPage> AnswerAsync(JobLog log, long after, int maxEvents, int maxBytes, CancellationToken cancellation)
        {
            asked.Add(after + 1);
            if (after + 1 == 100)
            {
                isDone.SetResult();
            }

            return Task.FromResult(new EventPage([ModelStore.Event(after + 1)], false));
        }
    }
}
