using System.Numerics;
using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Live;

/// <summary>
/// The newest frames of a log, contiguous, bounded by number and by bytes. One writer at a time; any number of readers
/// without a lock: a slot is found by position, and a frame that was pushed out meanwhile is told by its own position.
/// </summary>
/// <param name="maxEvents">How many frames it holds at most.</param>
/// <param name="maxBytes">How many bytes of events; a single larger event is held all the same.</param>
internal sealed class FrameRing(int maxEvents, long maxBytes)
{
    private const int FirstCapacity = 16;

    private volatile EventFrame?[] _slots = [];
    private long _first = 1;
    private long _bytes;

    /// <summary>The position of the newest frame; 0 if there is none.</summary>
    public long Last { get; private set; }

    public bool IsEmpty => Last < _first;

    /// <summary>The newest frame, or null if there is none.</summary>
    public EventFrame? Newest => IsEmpty ? null : Find(Last);

    /// <summary>The frame at a position, or null if it is not held.</summary>
    public EventFrame? Find(long position)
    {
        var slots = _slots;
        if (slots.Length == 0)
        {
            return null;
        }

        var frame = Volatile.Read(ref slots[position & (slots.Length - 1)]);
        return frame?.Position == position ? frame : null;
    }

    /// <summary>The first position at which one of these events is another one than the one that is held; null if there is none.</summary>
    /// <param name="events">In order.</param>
    public long? FindOther(IReadOnlyList<StoredEvent> events)
    {
        for (var i = 0; i < events.Count && events[i].Position <= Last; i++)
        {
            if (Find(events[i].Position) is { } held && held.IsNot(events[i]))
            {
                return events[i].Position;
            }
        }

        return null;
    }

    /// <summary>Adds the frame right after <see cref="Last"/>, or any frame to an empty ring.</summary>
    public void Append(EventFrame frame)
    {
        if (IsEmpty)
        {
            _first = frame.Position;
            Last = frame.Position - 1;
        }
        else if (frame.Position != Last + 1)
        {
            throw new InvalidOperationException($"Frame {frame.Position} does not follow {Last}.");
        }

        var count = frame.Position - _first;
        if (count == maxEvents)
        {
            DropFirst();
        }
        else if (count == _slots.Length)
        {
            Grow();
        }

        var slots = _slots;
        Volatile.Write(ref slots[frame.Position & (slots.Length - 1)], frame);
        Last = frame.Position;
        _bytes += frame.Stored.Bytes.Length;
        while (_bytes > maxBytes && _first < Last)
        {
            DropFirst();
        }
    }

    /// <summary>Lets go of everything. A reader that holds the old slots may still find frames in them; they stay true.</summary>
    public void Clear()
    {
        _slots = [];
        _first = Last + 1;
        _bytes = 0;
    }

    private void DropFirst()
    {
        ref var slot = ref _slots[_first & (_slots.Length - 1)];
        _bytes -= slot!.Stored.Bytes.Length;
        Volatile.Write(ref slot, null);
        _first++;
    }

    private void Grow()
    {
        var old = _slots;
        var slots = new EventFrame?[Math.Min(
            Math.Max(FirstCapacity, old.Length * 2), (int)BitOperations.RoundUpToPowerOf2((uint)maxEvents))];
        for (var position = _first; position <= Last; position++)
        {
            slots[position & (slots.Length - 1)] = old[position & (old.Length - 1)];
        }

        _slots = slots;
    }
}
