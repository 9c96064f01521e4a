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
    /// <summary>Frames that are kept, at most: the first of them, which say most, and the last one.</summary>
    public const int MaxFrames = 16;

    private readonly Lock _gate = new();
    private readonly List<EventFrame> _frames = [];
    private bool _isSettling;
    private bool _waitsForSweep;

    /// <summary>Keeps the ring's newest frame until the store has answered for it, if the store has failed since it had failed so often.</summary>
    public void Note(EventFrame? newest, long since)
    {
        if (newest is null || failures() == since)
        {
            return;
        }

        lock (_gate)
        {
            if (_frames.Contains(newest))
            {
                return;
            }

            if (_frames.Count == MaxFrames)
            {
                _frames.RemoveAt(MaxFrames - 1);
            }

            _frames.Add(newest);
        }
    }

    /// <summary>
    /// Begins to look up what is kept; doesn't wait. What could not be answered is asked again by a sweep only: where each commit fails, there is
    /// always another failure.
    /// </summary>
    public void Settle(bool isSweep)
    {
        lock (_gate)
        {
            _waitsForSweep &= !isSweep;
            if (_frames.Count > 0 && !_isSettling && !_waitsForSweep)
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

                // Nothing there says nothing: the store's head may be below, and other events come to this position yet.
                if (page.Events.Count == 0 || !TryDrop(frame, asked))
                {
                    Stop();
                    return;
                }
            }
        }
        catch (Exception)
        {
            // Whoever reads what could not be read says why.
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

    // After another failure the answer may have been of the store before it.
    private bool TryDrop(EventFrame frame, long asked)
    {
        lock (_gate)
        {
            return failures() == asked && _frames.Remove(frame);
        }
    }

    private void Stop()
    {
        lock (_gate)
        {
            _isSettling = false;
            _waitsForSweep = true;
        }
    }
}
