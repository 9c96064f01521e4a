namespace Jobwatch.Client.Streams;

/// <summary>How far a watcher is, over all of its sessions.</summary>
internal sealed class StreamProgress
{
    private long _lastPosition;
    private bool _caughtUp;

    /// <summary>Where to go on; null before the first message.</summary>
    internal string? Cursor { get; private set; }

    /// <summary>Takes note of a message; false if the reader has no use for it.</summary>
    internal bool Take(in MessageFacts message)
    {
        if (message.Event is { } taken)
        {
            if (taken.Position <= _lastPosition)
                throw new StreamOrderException($"Position {taken.Position} came after {_lastPosition} in job {taken.JobId}.");
            _lastPosition = taken.Position;
        }

        if (message.Cursor.Length > 0)
            Cursor = message.Cursor;
        var repeated = message.CaughtUp && _caughtUp;
        _caughtUp |= message.CaughtUp;
        return !repeated;
    }
}
