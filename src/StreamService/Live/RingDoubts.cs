using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Live;

/// <summary>
/// What a log's ring ended with when the store failed. The one that answers since may be another, which lost that and took on others at
/// its positions; so each of these frames is looked up in it, also where the ring has let go of it meanwhile.
/// </summary>
/// <param name="log">The log.</param>
/// <param name="readPage">Asks the store.</param>
/// <param name="failures">How often it has failed.</param>
/// <param name="fallTo">Called with the head that is left, where the store has another event.</param>
internal sealed class RingDoubts(JobLog log, ReadPage readPage, CountFailures failures, Action<long> fallTo)
{
    private readonly Lock _gate = new();
    private readonly List<EventFrame> _frames = [];
    private bool _isSettling;

    /// <summary>Keeps the ring's newest frame until the store has answered for it, if the store has failed since it had failed so often.</summary>
    public void Note(EventFrame? newest, long since)
    {
        if (newest is null || failures() == since)
        {
            return;
        }

        lock (_gate)
        {
            if (!_frames.Contains(newest))
            {
                _frames.Add(newest);
            }
        }
    }

    /// <summary>Begins to look up what is kept, if nobody is at it; doesn't wait. To be called again now and then, until nothing is kept any more.</summary>
    public void Settle()
    {
        lock (_gate)
        {
            if (_frames.Count > 0 && !_isSettling)
            {
                _isSettling = true;
                _ = SettleAsync();
            }
        }
    }

    private async Task SettleAsync()
    {
        // Off the caller's locks.
        await Task.Yield();
        try
        {
            while (Next() is { } frame)
            {
                var asked = failures();
                var page = await readPage.OfAsync(log, frame.Position - 1, events: 1);
                if (page.Events is [var stored, ..] && frame.IsNot(stored))
                {
                    fallTo(frame.Position - 1);
                }

                // After another failure that may have been the store before it. Not at once again: where each commit fails, there is always another.
                if (failures() != asked)
                {
                    Stop();
                    return;
                }

                Drop(frame);
            }
        }
        catch (Exception)
        {
            // Tried again by the next call. Whoever reads what could not be read says why.
            Stop();
        }
    }

    private EventFrame? Next()
    {
        lock (_gate)
        {
            _isSettling = _frames.Count > 0;
            return _isSettling ? _frames[0] : null;
        }
    }

    private void Drop(EventFrame frame)
    {
        lock (_gate)
        {
            _frames.Remove(frame);
        }
    }

    private void Stop()
    {
        lock (_gate)
        {
            _isSettling = false;
        }
    }
}
