namespace Jobwatch.StreamService.Watching;

/// <summary>
/// Lets those share an answer who ask the same at the same time. Whoever comes while a question is under way shares the next one, so each
/// question begins after all who share its answer have asked, as if each had asked alone.
/// </summary>
/// <param name="ask">Asks, for nobody in particular: whoever leaves takes nothing from the others. Has to end by itself.</param>
internal sealed class SharedAnswers<TKey, TAnswer>(Func<TKey, Task<TAnswer>> ask)
    where TKey : notnull
{
    private readonly Lock _lock = new();

    // By what is being asked: those who wait for the question after the one that is under way; null if nobody does.
    private readonly Dictionary<TKey, TaskCompletionSource<TAnswer>?> _next = [];

    /// <summary>An answer to a question that begins from now on.</summary>
    public Task<TAnswer> AskAsync(TKey key, CancellationToken cancellation)
    {
        TaskCompletionSource<TAnswer> answer;
        bool isUnderWay;
        lock (_lock)
        {
            isUnderWay = _next.TryGetValue(key, out var next);
            answer = next ?? new TaskCompletionSource<TAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
            _next[key] = answer;
        }

        if (!isUnderWay)
        {
            _ = AskForAllAsync(key);
        }

        return answer.Task.WaitAsync(cancellation);
    }

    private async Task AskForAllAsync(TKey key)
    {
        while (TakeNext(key) is { } answer)
        {
            try
            {
                answer.SetResult(await ask(key));
            }
            catch (Exception failure)
            {
                answer.SetException(failure);
                // All who shared it may have left.
                _ = answer.Task.Exception;
            }
        }
    }

    private TaskCompletionSource<TAnswer>? TakeNext(TKey key)
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
}
