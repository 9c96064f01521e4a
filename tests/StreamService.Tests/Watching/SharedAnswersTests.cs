using Jobwatch.StreamService.Watching;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Jobwatch.StreamService.Tests.Watching;

public sealed class SharedAnswersTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly List<(string Key, TaskCompletionSource<int> Answer, CancellationToken Leaving)> _asked = [];
    private readonly SharedAnswers<string, int> _answers;
    private readonly SemaphoreSlim _begins = new(0);
    private int _begun;

    public SharedAnswersTests() => _answers = new(_time, Begin);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _begins.Dispose();

    [Fact]
    public async Task Who_comes_while_a_question_is_under_way_shares_the_next_one_which_begins_after_all_of_them_came()
    {
        var first = _answers.AskAsync("a", Cancellation);
        Task<int>[] later = [.. Enumerable.Range(0, 3).Select(_ => _answers.AskAsync("a", Cancellation))];
        Assert.Single(_asked);

        await AnswerAsync(0, 10);
        Assert.Equal(10, await first.WaitAsync(Limit, Cancellation));
        var second = await AskedAsync(1);
        Assert.All(later, task => Assert.False(task.IsCompleted));
        var last = _answers.AskAsync("a", Cancellation);

        second.SetResult(20);
        var shared = await Task.WhenAll(later).WaitAsync(Limit, Cancellation);
        Assert.Equal([20, 20, 20], shared);
        await AnswerAsync(2, 30);
        Assert.Equal(30, await last.WaitAsync(Limit, Cancellation));
        Assert.Equal(3, _asked.Count);
    }

    [Fact]
    public async Task Each_is_asked_by_itself()
    {
        var one = _answers.AskAsync("a", Cancellation);
        var other = _answers.AskAsync("b", Cancellation);
        Assert.Equal(["a", "b"], _asked.Select(asked => asked.Key));
        await AnswerAsync(1, 2);
        Assert.Equal(2, await other.WaitAsync(Limit, Cancellation));
        Assert.False(one.IsCompleted);
    }

    [Fact]
    public async Task All_who_share_a_failure_hear_of_it_and_the_next_question_is_asked_anew()
    {
        var first = _answers.AskAsync("a", Cancellation);
        Task<int>[] later = [_answers.AskAsync("a", Cancellation), _answers.AskAsync("a", Cancellation)];
        await AnswerAsync(0, 1);
        (await AskedAsync(1)).SetException(new IOException("away"));

        Assert.Equal(1, await first.WaitAsync(Limit, Cancellation));
        foreach (var task in later)
        {
            Assert.Equal("away", (await Assert.ThrowsAsync<IOException>(() => task.WaitAsync(Limit, Cancellation))).Message);
        }

        var again = _answers.AskAsync("a", Cancellation);
        await AnswerAsync(2, 3);
        Assert.Equal(3, await again.WaitAsync(Limit, Cancellation));
    }

    [Fact]
    public async Task Who_leaves_takes_nothing_from_those_who_stay()
    {
        using var leaving = new CancellationTokenSource();
        var first = _answers.AskAsync("a", Cancellation);
        var gone = _answers.AskAsync("a", leaving.Token);
        var staying = _answers.AskAsync("a", Cancellation);
        await AnswerAsync(0, 1);
        Assert.Equal(1, await first.WaitAsync(Limit, Cancellation));
        var second = await AskedAsync(1);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone.WaitAsync(Limit, Cancellation));
        Assert.False(_asked[1].Leaving.IsCancellationRequested);

        second.SetResult(2);
        Assert.Equal(2, await staying.WaitAsync(Limit, Cancellation));
    }

    [Fact]
    public async Task The_last_who_leaves_ends_the_question_and_stays_until_it_has_ended()
    {
        using var leaving = new CancellationTokenSource();
        var first = _answers.AskAsync("a", leaving.Token);
        var next = _answers.AskAsync("a", Cancellation);
        var ending = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var ended = _asked[0].Leaving.UnsafeRegister(_ => ending.SetResult(), null);
        await leaving.CancelAsync();
        await ending.Task.WaitAsync(Limit, Cancellation);
        Assert.False(first.IsCompleted);
        Assert.Single(_asked);

        _asked[0].Answer.SetException(new OperationCanceledException(_asked[0].Leaving));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.WaitAsync(Limit, Cancellation));
        await AnswerAsync(1, 2);
        Assert.Equal(2, await next.WaitAsync(Limit, Cancellation));
    }

    [Fact]
    public async Task Who_has_left_before_is_not_asked_for()
    {
        using var leaving = new CancellationTokenSource();
        var first = _answers.AskAsync("a", Cancellation);
        var gone = _answers.AskAsync("a", leaving.Token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone.WaitAsync(Limit, Cancellation));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _answers.AskAsync("b", leaving.Token));

        await AnswerAsync(0, 1);
        Assert.Equal(1, await first.WaitAsync(Limit, Cancellation));
        var later = _answers.AskAsync("a", Cancellation);
        await AnswerAsync(1, 2);
        Assert.Equal(2, await later.WaitAsync(Limit, Cancellation));
        Assert.Equal(2, _asked.Count);
    }

    [Fact]
    public async Task A_question_that_takes_long_holds_up_nobody()
    {
        var stuck = _answers.AskAsync("a", Cancellation);
        var next = _answers.AskAsync("a", Cancellation);
        _time.Advance(SharedAnswers<string, int>.Patience);
        await AnswerAsync(1, 2);
        Assert.Equal(2, await next.WaitAsync(Limit, Cancellation));
        Assert.False(stuck.IsCompleted);

        await AnswerAsync(0, 1);
        Assert.Equal(1, await stuck.WaitAsync(Limit, Cancellation));
    }

    private async Task AnswerAsync(int number, int answer) => (await AskedAsync(number)).SetResult(answer);

    // One who waited is asked for on a thread of the pool.
    private async Task<TaskCompletionSource<int>> AskedAsync(int number)
    {
        for (; _begun <= number; _begun++)
        {
            Assert.True(await _begins.WaitAsync(Limit, Cancellation));
        }

        return _asked[number].Answer;
    }

    private Task<int> Begin(string key, CancellationToken leaving)
    {
        var answer = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked.Add((key, answer, leaving));
        _begins.Release();
        return answer.Task;
    }
}
