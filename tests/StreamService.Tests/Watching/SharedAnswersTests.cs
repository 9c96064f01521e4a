using Jobwatch.StreamService.Watching;
using Xunit;

namespace Jobwatch.StreamService.Tests.Watching;

public sealed class SharedAnswersTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly List<(string Key, TaskCompletionSource<int> Answer)> _asked = [];
    private readonly SharedAnswers<string, int> _answers;
    private readonly SemaphoreSlim _begins = new(0);
    private int _begun;

    public SharedAnswersTests() => _answers = new(Begin);

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
        var gone = _answers.AskAsync("a", leaving.Token);
        var goneToo = _answers.AskAsync("a", leaving.Token);
        var staying = _answers.AskAsync("a", Cancellation);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => goneToo);

        await AnswerAsync(0, 1);
        await AnswerAsync(1, 2);
        Assert.Equal(2, await staying.WaitAsync(Limit, Cancellation));
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

    private Task<int> Begin(string key)
    {
        var answer = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked.Add((key, answer));
        _begins.Release();
        return answer.Task;
    }
}
