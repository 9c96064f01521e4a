namespace Jobwatch.StreamService.Watching;

/// <summary>
/// Lets those share an answer who ask the same at the same time. Whoever comes while a question is under way shares the next one, so each
/// question begins after all who share its answer have asked, as if each had asked alone.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="ask">Asks. It is cancelled when the last of those who share the answer has left.</param>
internal sealed class SharedAnswers<TKey, TAnswer>(TimeProvider time, Func<TKey, CancellationToken, Task<TAnswer>> ask)
    where TKey : notnull
{
    /// <summary>How long a question holds up the next one: it may be on a connection that is dead, and the next one is on another.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();

    // By what is being asked: the question after the one that is under way; null if nobody waits for one.
    private readonly Dictionary<TKey, Question?> _next = [];

    /// <summary>
    /// An answer to a question that begins from now on. Who leaves and is the last to share the one under way stays until it has ended, so there
    /// are never more of them than callers.
    /// </summary>
    public async Task<TAnswer> AskAsync(TKey key, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var question = Join(key, out var isUnderWay);
        if (!isUnderWay)
        {
            _ = AskForAllAsync(key);
        }

        try
        {
            return await question.Answer.WaitAsync(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            if (IsLastOf(key, question))
            {
                await question.EndAsync();
            }

            throw;
        }
    }

    private Question Join(TKey key, out bool isUnderWay)
    {
        lock (_lock)
        {
            isUnderWay = _next.TryGetValue(key, out var next);
            next ??= new Question();
            next.Sharers++;
            return _next[key] = next;
        }
    }

    // Of a question that has not begun nothing is left to end.
    private bool IsLastOf(TKey key, Question question)
    {
        lock (_lock)
        {
            if (--question.Sharers > 0)
            {
                return false;
            }

            if (_next.TryGetValue(key, out var next) && next == question)
            {
                _next[key] = null;
                return false;
            }

            return true;
        }
    }

    private async Task AskForAllAsync(TKey key)
    {
        while (TakeNext(key) is { } question)
        {
            _ = question.BeginAsync(leaving => ask(key, leaving));
            await ((Task)question.Answer.WaitAsync(Patience, time)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Question? TakeNext(TKey key)
    {
        lock (_lock)
        {
            var next = _next[key];
            if (next is null)
            {
                _next.Remove(key);
            }
            else
            {
                _next[key] = null;
            }

            return next;
        }
    }

    private sealed class Question
    {
        private readonly TaskCompletionSource<TAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<TAnswer> Answer => _answer.Task;

        /// <summary>How many wait for the answer. Under the lock.</summary>
        public int Sharers { get; set; }

        public async Task BeginAsync(Func<CancellationToken, Task<TAnswer>> ask)
        {
            using var leaving = new CancellationTokenSource();
            try
            {
                var asked = ask(leaving.Token);
                if (await Task.WhenAny(asked, _left.Task) != asked)
                {
                    await leaving.CancelAsync();
                }

                _answer.SetResult(await asked);
            }
            catch (Exception failure)
            {
                _answer.SetException(failure);
                // All who shared it have left, if it was cancelled.
                _ = _answer.Task.Exception;
            }
        }

        public async Task EndAsync()
        {
            _left.SetResult();
            await ((Task)Answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
