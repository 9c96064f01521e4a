using Jobwatch.V1;
using LogLevel = Jobwatch.V1.LogLevel;

namespace Jobwatch.StreamService.Journal;

/// <summary>The parts of a stored event that can be told without decoding its payload.</summary>
/// <param name="ExecutionId">The execution.</param>
/// <param name="Payload">Which payload.</param>
/// <param name="Status">The execution's status after the event.</param>
/// <param name="Level">The level of a log line, else unspecified.</param>
internal sealed record EventHead(
    string ExecutionId, ExecutionEvent.PayloadOneofCase Payload, ExecutionStatus Status, LogLevel Level)
{
    /// <summary>Whether the execution ended with this event.</summary>
    public bool Ends => Payload is ExecutionEvent.PayloadOneofCase.ExecutionSucceeded
        or ExecutionEvent.PayloadOneofCase.ExecutionFailed or ExecutionEvent.PayloadOneofCase.ExecutionCancelled;

    /// <summary>Whether the event begins an execution or a new attempt of it.</summary>
    public bool Begins => Payload is ExecutionEvent.PayloadOneofCase.ExecutionQueued
        or ExecutionEvent.PayloadOneofCase.ExecutionStarted;

    public static EventHead Read(ReadOnlySpan<byte> bytes)
    {
        var executionId = "";
        var payload = ExecutionEvent.PayloadOneofCase.None;
        var status = ExecutionStatus.Unspecified;
        var level = LogLevel.Unspecified;
        var fields = new WireFields(bytes);
        while (fields.Next())
        {
            switch (fields.Number)
            {
                case ExecutionEvent.ExecutionIdFieldNumber:
                    executionId = fields.String();
                    break;
                case ExecutionEvent.StatusFieldNumber:
                    status = (ExecutionStatus)fields.Varint;
                    break;
                case >= ExecutionEvent.ExecutionQueuedFieldNumber and <= ExecutionEvent.ExecutionCancelledFieldNumber:
                    payload = (ExecutionEvent.PayloadOneofCase)fields.Number;
                    level = payload is ExecutionEvent.PayloadOneofCase.LogWritten ? LevelOf(fields.Bytes) : level;
                    break;
            }
        }

        return new EventHead(executionId, payload, status, level);
    }

    private static LogLevel LevelOf(ReadOnlySpan<byte> log)
    {
        var fields = new WireFields(log);
        while (fields.Next())
        {
            if (fields.Number == LogWritten.LevelFieldNumber)
            {
                return (LogLevel)fields.Varint;
            }
        }

        return LogLevel.Unspecified;
    }
}
