using Jobwatch.V1;

namespace Jobwatch.Client.Streams;

/// <summary>How far a watcher is, over all of its sessions.</summary>
/// <param name="endsWith">
/// The execution whose end ends the stream, where the start named it: a session that goes on from a cursor no longer says it.
/// </param>
internal sealed class StreamProgress(string? endsWith)
{
    private long _lastPosition;
    private bool _caughtUp;

    /// <summary>Where to go on; null before the first message.</summary>
    internal string? Cursor { get; private set; }

    /// <summary>All that was asked for has come.</summary>
    internal bool Ended { get; private set; }

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
        Ended |= endsWith is not null && EndOf(message) == endsWith;

        var repeated = message.CaughtUp && _caughtUp;
        _caughtUp |= message.CaughtUp;
        return !repeated;
    }

    private static string? EndOf(in MessageFacts message) =>
        message.Event is { Status: ExecutionStatus.Succeeded or ExecutionStatus.Failed or ExecutionStatus.Cancelled } last
            ? last.ExecutionId
            : message.Ended?.ExecutionId;
}
