using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Watching;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Jobwatch.StreamService.Tests.Watching;

public sealed class OpeningTurnsTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Looks_wait_for_their_turn_and_a_failed_one_gives_its_turn_on()
    {
        using var turns = new OpeningTurns(_time);
        var looks = Enumerable.Range(0, OpeningTurns.AtOnce + 2).Select(_ => new TaskCompletionSource<int>()).ToList();
        var begun = 0;
        var asked = looks.Select(look => turns.LookAsync(() => Begin(look), TestContext.Current.CancellationToken)).ToList();
        Assert.Equal(OpeningTurns.AtOnce, begun);

        looks[0].SetException(new StoreUnavailableException("away"));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => asked[0]);
        looks[^2].SetResult(1);
        Assert.Equal(1, await asked[^2]);

        looks[^1].SetResult(2);
        Assert.Equal(2, await asked[^1]);

        Task<int> Begin(TaskCompletionSource<int> look)
        {
            begun++;
            return look.Task;
        }
    }

    [Fact]
    public async Task Who_waits_too_long_is_told_and_takes_no_turn()
    {
        using var turns = new OpeningTurns(_time);
        var look = new TaskCompletionSource<int>();
        var busy = Enumerable.Range(0, OpeningTurns.AtOnce).Select(_ => LookAsync(() => look.Task)).ToList();
        var late = LookAsync(() => Task.FromException<int>(new InvalidOperationException("It was not this one's turn.")));
        using var leaving = new CancellationTokenSource();
        var gone = turns.LookAsync(() => Task.FromResult(0), leaving.Token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);

        _time.Advance(OpeningTurns.Patience);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => late);
        look.SetResult(7);
        await Task.WhenAll(busy);
        var next = Enumerable.Range(0, OpeningTurns.AtOnce).Select(_ => LookAsync(() => Task.FromResult(8)));
        Assert.All(await Task.WhenAll(next), found => Assert.Equal(8, found));

        Task<int> LookAsync(Func<Task<int>> begin) => turns.LookAsync(begin, TestContext.Current.CancellationToken);
    }
}
