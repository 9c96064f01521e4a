using Jobwatch.StreamService.Errors;
using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Watching;

/// <summary>
/// Bounds how many watches look at the store at once to begin, and lets the tenants that wait have their turns one after the other. A thousand
/// that come together would else have PostgreSQL start as many processes as the pool may have connections, be no sooner served by them, and
/// have them all end in one moment once they are idle.
/// </summary>
internal sealed class OpeningTurns(TimeProvider time, JournalDatabase database, Metrics metrics)
{
    public const int AtOnce = 8;

    /// <summary>How long a watch waits for its turn, at most: as long as the pool would let it wait for a connection.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan LeastRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetrySpread = TimeSpan.FromSeconds(4);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedList<TaskCompletionSource>> _waiting = [];

    // Each tenant that waits, once.
    private readonly Queue<string> _tenants = new();
    private int _free = AtOnce;

    /// <summary>Looks when it is this one's turn. If that takes too long, throws TOO_MANY_WATCHES, or if the store has failed meanwhile, <see cref="StoreUnavailableException"/>.</summary>
    public async Task<T> LookAsync<T>(string tenant, Func<Task<T>> look, CancellationToken cancellation)
    {
        if (Take(tenant) is { } turn)
        {
            await WaitAsync(turn, cancellation);
        }

        try
        {
            return await look();
        }
        finally
        {
            PassOn();
        }
    }

    // Null if it has its turn.
    private LinkedListNode<TaskCompletionSource>? Take(string tenant)
    {
        lock (_lock)
        {
            if (_free > 0)
            {
                _free--;
                return null;
            }

            if (!_waiting.TryGetValue(tenant, out var line))
            {
                _waiting.Add(tenant, line = []);
                _tenants.Enqueue(tenant);
            }

            return line.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
    }

    private async Task WaitAsync(LinkedListNode<TaskCompletionSource> turn, CancellationToken cancellation)
    {
        var failures = database.Failures;
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        using var end = either.Token.UnsafeRegister(_ => Leave(turn), null);
        try
        {
            await turn.Value.Task;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            if (database.Failures != failures)
            {
                throw new StoreUnavailableException($"For {Patience.TotalSeconds} s it has not answered the watches that began before.");
            }

            metrics.Refused();
            throw RpcErrors.ResourceExhausted(
                Reasons.TooManyWatches,
                $"For {Patience.TotalSeconds} s this node has been busy with watches that began before: try later, or another node.",
                LeastRetry + (RetrySpread * Random.Shared.NextDouble()));
        }
    }

    private void Leave(LinkedListNode<TaskCompletionSource> turn)
    {
        lock (_lock)
        {
            // Where it has its turn already it is in no line any more.
            if (turn.Value.TrySetCanceled())
            {
                turn.List!.Remove(turn);
            }
        }
    }

    private void PassOn()
    {
        lock (_lock)
        {
            while (_tenants.TryDequeue(out var tenant))
            {
                var line = _waiting[tenant];
                var next = line.First;
                if (next is not null)
                {
                    line.RemoveFirst();
                }

                if (line.Count > 0)
                {
                    _tenants.Enqueue(tenant);
                }
                else
                {
                    _waiting.Remove(tenant);
                }

                if (next is not null)
                {
                    next.Value.SetResult();
                    return;
                }
            }

            _free++;
        }
    }
}
