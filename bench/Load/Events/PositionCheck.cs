using Jobwatch.StreamService.Journal;
using Jobwatch.V1;

namespace Jobwatch.Bench.Events;

/// <summary>Holds a watcher to its promise: each position once, in order. What is lost or comes twice ends the bench.</summary>
internal sealed class PositionCheck
{
    /// <summary>The position of the last event.</summary>
    public long Last { get; private set; }

    public void Next(long position)
    {
        if (position != Last + 1)
        {
            throw new InvalidDataException($"Position {position} came after {Last}.");
        }

        Last = position;
    }

    /// <summary>Takes the bytes of a <c>WatchJobResponse</c>.</summary>
    public void Receive(ReadOnlySpan<byte> message)
    {
        var fields = new WireFields(message);
        while (fields.Next())
        {
            if (fields.Number == WatchJobResponse.EventFieldNumber)
            {
                Next(PositionOf(fields.Bytes));
            }
        }
    }

    private static long PositionOf(ReadOnlySpan<byte> stored)
    {
        var fields = new WireFields(stored);
        while (fields.Next())
        {
            if (fields.Number == ExecutionEvent.PositionFieldNumber)
            {
                return (long)fields.Varint;
            }
        }

        throw new InvalidDataException("An event has no position.");
    }
}
