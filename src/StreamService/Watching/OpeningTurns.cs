using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Watching;

/// <summary>
/// Bounds how many watches look at the store at once to begin. A thousand that come together would else have PostgreSQL start as many
/// processes as the pool may have connections, be no sooner served by them, and have them all end in one moment once they are idle.
/// </summary>
internal sealed class OpeningTurns(TimeProvider time) : IDisposable
{
    public const int AtOnce = 8;

    /// <summary>How long a watch waits for its turn, at most: as long as the pool would let it wait for a connection.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim _turns = new(AtOnce);

    /// <summary>Looks when it is this one's turn. Throws <see cref="StoreUnavailableException"/> if that takes too long.</summary>
    public async Task<T> LookAsync<T>(Func<Task<T>> look, CancellationToken cancellation)
    {
        if (!_turns.Wait(0, CancellationToken.None))
        {
            await WaitAsync(cancellation);
        }

        try
        {
            return await look();
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();

    private async Task WaitAsync(CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            await _turns.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new StoreUnavailableException($"For {Patience.TotalSeconds} s the store has been answering the watches that began before.");
        }
    }
}
