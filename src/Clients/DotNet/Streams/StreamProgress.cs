using System.Runtime.InteropServices;

namespace Jobwatch.Client.Streams;

/// <summary>How far a watcher is, over all of its sessions.</summary>
internal sealed class StreamProgress
{
    // By job. Of many jobs at most as many as a stream can have, and those that were deleted since.
    private readonly Dictionary<string, long> _lastPositions = new(StringComparer.Ordinal);
    private bool _caughtUp;

    /// <summary>Where to go on; null before the first message, unless it is known where the stream began.</summary>
    internal string? Cursor { get; private set; }

    /// <summary>Where the stream begins; of the first session that says so.</summary>
    internal void Begin(string? cursor) => Cursor ??= cursor;

    /// <summary>Takes note of a message; false if the reader has no use for it.</summary>
    internal bool Take(in MessageFacts message)
    {
        if (message.Event is { } taken)
        {
            ref var last = ref CollectionsMarshal.GetValueRefOrAddDefault(_lastPositions, taken.JobId, out _);
            if (taken.Position <= last)
                throw new StreamOrderException($"Position {taken.Position} came after {last} in job {taken.JobId}.");
            last = taken.Position;
        }
        else if (message.DeletedJob is { } deleted)
        {
            if (deleted.Length == 0)
                _lastPositions.Clear();
            else
                _lastPositions.Remove(deleted);
        }

        if (message.Cursor.Length > 0)
            Cursor = message.Cursor;
        var repeated = message.CaughtUp && _caughtUp;
        _caughtUp |= message.CaughtUp;
        return !repeated;
    }
}
