using Google.Protobuf.WellKnownTypes;
using Jobwatch.StreamService.Errors;
using Jobwatch.StreamService.Journal;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Watching;

/// <summary>The pace of one replay: each event after the one before it as it happened, by the producer's clock, or that many times faster.</summary>
internal sealed class Pace(double speed, TimeSpan maxPause, TimeProvider time)
{
    private const double MaxSpeed = 1000;
    private static readonly TimeSpan DefaultMaxPause = TimeSpan.FromSeconds(5);

    private TimeSpan? _occurred;
    private long _sent;

    /// <summary>Checks what the caller asked for; null if that is no pace at all.</summary>
    public static Pace? From(double speed, Duration? maxPause, TimeProvider time)
    {
        if (speed is not (>= 0 and <= MaxSpeed))
        {
            throw RpcErrors.InvalidField(Reasons.InvalidField, "speed", $"it is {speed:R}; it has to be 0 to {MaxSpeed}, 0 for as fast as can be.");
        }

        if (maxPause is { } given && (given.Seconds < 0 || given.Nanos is < 0 or > 999_999_999 || given.Seconds > Duration.MaxSeconds))
        {
            throw RpcErrors.InvalidField(Reasons.InvalidField, "max_pause", "it has to be a duration that is not negative.");
        }

        return speed == 0 ? null : new Pace(speed, maxPause?.ToTimeSpan() ?? DefaultMaxPause, time);
    }

    /// <summary>How long to wait yet before the event is sent.</summary>
    public TimeSpan Before(StoredEvent stored)
    {
        if (_occurred is not { } previous)
        {
            return TimeSpan.Zero;
        }

        var seconds = (OccurredAt(stored) - previous).TotalSeconds / speed;
        var pause = seconds <= 0 ? TimeSpan.Zero : seconds >= maxPause.TotalSeconds ? maxPause : TimeSpan.FromSeconds(seconds);
        return pause - time.GetElapsedTime(_sent);
    }

    public void Sent(StoredEvent stored)
    {
        _occurred = OccurredAt(stored);
        _sent = time.GetTimestamp();
    }

    // Since the epoch. Read from the wire: a replay needs nothing else of most events.
    private static TimeSpan OccurredAt(StoredEvent stored)
    {
        var fields = new WireFields(stored.Bytes.Span);
        while (fields.Next())
        {
            if (fields.Number == ExecutionEvent.OccurredAtFieldNumber)
            {
                return Timestamp.Parser.ParseFrom(fields.Bytes).ToDateTime() - DateTime.UnixEpoch;
            }
        }

        return TimeSpan.Zero;
    }
}
