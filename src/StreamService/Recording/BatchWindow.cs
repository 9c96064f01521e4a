namespace Jobwatch.StreamService.Recording;

/// <summary>
/// What a stream has under way, from its reading to the sending of its answer: bounded by number and bytes. The last batch
/// to come in may go over the bytes, so that one of any size finds room.
/// </summary>
internal sealed class BatchWindow(int maxBatches, long maxBytes)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _left = NewSignal();
    private int _batches;
    private long _bytes;

    public void Enter(int bytes)
    {
        lock (_gate)
        {
            _batches++;
            _bytes += bytes;
        }
    }

    public void Leave(int bytes)
    {
        TaskCompletionSource left;
        lock (_gate)
        {
            _batches--;
            _bytes -= bytes;
            (left, _left) = (_left, NewSignal());
        }

        left.SetResult();
    }

    /// <summary>Waits until there is room for one more.</summary>
    public async Task WaitForRoomAsync(CancellationToken cancellation)
    {
        while (Find(() => _batches < maxBatches && _bytes < maxBytes) is { } left)
        {
            await left.WaitAsync(cancellation);
        }
    }

    /// <summary>Waits until one has left; false at once if none is there.</summary>
    public async Task<bool> WaitForLeavingAsync(CancellationToken cancellation)
    {
        if (Find(() => _batches == 0) is not { } left)
        {
            return false;
        }

        await left.WaitAsync(cancellation);
        return true;
    }

    // The next leaving, or null if it isn't waited for.
    private Task? Find(Func<bool> isThere)
    {
        lock (_gate)
        {
            return isThere() ? null : _left.Task;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
