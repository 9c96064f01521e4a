namespace Jobwatch.Client.Recording;

/// <summary>
/// What a stream has sent or is to send and the server has not answered: in order, bounded by number and bytes. It outlives
/// connections: each one begins with the oldest.
/// </summary>
internal sealed class SendWindow
{
    internal const int MaxBatches = 128;
    internal const int MaxBytes = 8 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly List<SentBatch> _batches = [];
    private TaskCompletionSource _changed = NewSignal();
    private Exception? _end;
    private bool _completed;
    private long _bytes;

    /// <summary>Adds one, waiting while there is no room; a batch of any size has room when it is alone.</summary>
    internal async Task AddAsync(SentBatch batch, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_end is not null)
                    throw _end;
                if (_completed)
                    throw new InvalidOperationException("The stream is complete: open another one for more batches.");
                if (_batches.Count == 0 || (_batches.Count < MaxBatches && _bytes + batch.Bytes <= MaxBytes))
                {
                    _batches.Add(batch);
                    _bytes += batch.Bytes;
                    Change();
                    return;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The first one behind a sequence, waited for; null when the stream is complete and there is none.</summary>
    internal async Task<SentBatch?> NextAsync(long after, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_batches.Find(batch => batch.Sequence > after) is { } next)
                    return next;
                if (_completed)
                    return null;
                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    internal bool IsEmpty
    {
        get
        {
            lock (_gate)
                return _batches.Count == 0;
        }
    }

    /// <summary>Whether no other waits for its answer before it.</summary>
    internal bool IsOldest(SentBatch batch)
    {
        lock (_gate)
            return _batches.Count > 0 && _batches[0] == batch;
    }

    /// <summary>Takes out the oldest, which is the one that was answered.</summary>
    internal SentBatch Take(long sequence)
    {
        lock (_gate)
        {
            if (_batches.Count == 0 || _batches[0].Sequence != sequence)
            {
                throw new StreamOrderException(
                    $"The answer is to batch {sequence}; {(_batches.Count == 0 ? "none is" : $"{_batches[0].Sequence} was")} due.");
            }

            var oldest = _batches[0];
            _batches.RemoveAt(0);
            _bytes -= oldest.Bytes;
            Change();
            return oldest;
        }
    }

    /// <summary>No more are added.</summary>
    internal void Complete()
    {
        lock (_gate)
        {
            _completed = true;
            Change();
        }
    }

    /// <summary>Ends it: what is there, and whoever wants to add, gets the error.</summary>
    internal void End(Exception error)
    {
        lock (_gate)
        {
            _end ??= error;
            _batches.ForEach(batch => batch.Fail(error));
            _batches.Clear();
            Change();
        }
    }

    private void Change()
    {
        _changed.TrySetResult();
        _changed = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
